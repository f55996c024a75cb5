import { counted } from '../../model/counted.ts';
import type { Run } from './runs-queries.ts';

/** The choices of a list of runs: each with the states that it has. */
export const RUN_CHOICES = {
  running: ['running'],
  succeeded: ['succeeded'],
  partial: ['partial'],
  failed: ['failed', 'abandoned'],
  abandoned: ['abandoned'],
} as const;
export type RunChoice = keyof typeof RUN_CHOICES;

const states: Record<string, string> = {
  running: 'running now',
  succeeded: 'succeeded',
  partial: 'read, with problems',
  failed: 'failed',
  abandoned: 'failed, because its worker died',
};

const triggers: Record<string, string> = {
  schedule: 'by schedule',
  manual: 'by a person',
  webhook: 'by a webhook',
};

export function runStateText(state: string): string {
  return states[state] ?? state;
}

export function triggerText(trigger: string): string {
  return triggers[trigger] ?? trigger;
}

/** The word class of a run's state: `act`, `look` or null. */
export function runNeed(state: string): 'act' | 'look' | null {
  if (state === 'failed' || state === 'abandoned') return 'act';
  return state === 'partial' ? 'look' : null;
}

/** `340 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The work of a run in one sentence. */
export function runSentence(run: Run): string {
  const { state, not_modified, complete, cases_seen: seen } = run;
  if (state === 'running') return `It is running; ${counted(seen, 'case')} read until now.`;
  if (not_modified) return 'Dintero said that nothing had changed since the last run, so no case was read.';
  const changes = changesOf(run);
  if (seen === 0 && !complete) return 'It ended before any case was read.';
  const read = `${counted(seen, 'case')} read, ${complete ? 'the whole list' : 'and not the rest of the list'}`;
  return `${read}: ${changes.length === 0 ? 'nothing had changed' : changes.join(', ')}.`;
}

function changesOf(run: Run): string[] {
  const parts: [number, string][] = [
    [run.cases_created, 'new'],
    [run.cases_updated, 'changed'],
    [run.cases_missing, 'missing now'],
    [run.cases_returned, 'back in the list'],
    [run.missing_held_back, 'not in the list, but not marked missing'],
  ];
  return parts.filter(([cases]) => cases > 0).map(([cases, words]) => `${cases} ${words}`);
}
