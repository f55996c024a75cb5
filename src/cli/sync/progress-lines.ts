import { count, duration } from '../../model/number-text.ts';
import type { Progress, RunState } from '../../model/run.ts';
import { type Format, paint, type Style } from '../terminal/style.ts';
import { widthOf } from '../terminal/wrap.ts';

/** An account of a sync, and how far its run is. */
export type AccountProgress = {
  id: string;
  /** Its cases as of the run before; undefined if there was none. */
  known: number | undefined;
} & (
  | { phase: 'queued' | 'locked' }
  | { phase: 'running'; progress: Progress; seconds: number }
  /** Null: its run could not be closed. */
  | { phase: 'ended'; state: RunState | null; progress: Progress | null }
);

type Options = { rows: number; style: Style; isStopping?: boolean };

/** A line for each account, and a last one about all. If they do not fit, only for those that are being read. */
export function progressLines(
  accounts: readonly AccountProgress[],
  { rows, style, isStopping = false }: Options,
): string[] {
  const last = lastLines(accounts, isStopping);
  // The cursor stands in a row below.
  const room = Math.max(rows - 1 - last.length, 1);
  const isFitting = accounts.length <= room;
  const shown = isFitting ? accounts : accounts.filter(({ phase }) => phase === 'running' || phase === 'locked');
  return [...shown.slice(0, room).map((account) => accountLine(account, style)), ...last];
}

function lastLines(accounts: readonly AccountProgress[], isStopping: boolean): string[] {
  if (isStopping) return ['stopping; what was saved stays, and the next run completes it'];
  return accounts.length === 1 ? [] : [sumLine(accounts)];
}

function sumLine(accounts: readonly AccountProgress[]): string {
  const ended = accounts.filter((account) => account.phase === 'ended');
  const failed = ended.filter(({ state }) => state === null || FORMATS[state] === 'red').length;
  const running = accounts.filter(({ phase }) => phase === 'running').length;
  const parts = [
    `${count(ended.length)} of ${count(accounts.length)} accounts done`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    `${count(running)} being read`,
  ];
  return parts.join(', ');
}

const FORMATS: Record<RunState, Format> = {
  succeeded: 'green',
  partial: 'yellow',
  failed: 'red',
  abandoned: 'red',
  running: 'dim',
};

function accountLine(account: AccountProgress, style: Style): string {
  const { id } = account;
  if (account.phase === 'running') return runningLine(account, style);
  if (account.phase !== 'ended') {
    return account.phase === 'queued' ? `${id}  waits for its turn` : `${id}  waits until another run of it has ended`;
  }
  const { state, progress } = account;
  const seen = progress === null ? 0 : seenCases(progress);
  const words = state === null ? paint(style, 'red', 'failed') : paint(style, FORMATS[state], state);
  return `${id}  ${words}${seen > 0 ? `, ${count(seen)} cases read` : ''}`;
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
/** `59 min left`. */
const LEFT_WIDTH = 11;

function runningLine({ id, known, progress, seconds }: AccountProgress & { phase: 'running' }, style: Style): string {
  const seen = seenCases(progress);
  if (seen === 0) return `${id}  waits for the list …`;
  const rate = seconds > 0 ? seen / seconds : 0;
  const speed = `${count(Math.round(rate))}/s`;
  // A list may have grown: then nobody knows how much is left.
  if (known === undefined || seen > known) return `${id}  ${count(seen)} cases, ${speed}`;
  const left = rate > 0 && seen < known ? `${secondsText((known - seen) / rate)} left` : '';
  // Padded, so that the bar keeps its length from one drawing to the next.
  const numbers = `${count(seen).padStart(count(known).length)} of ${count(known)} cases,${speed.padStart(9)}`;
  const text = `${percentText(seen / known)}  ${numbers}  ${left.padEnd(LEFT_WIDTH)}`;
  // A block leaves the last column free.
  const room = Math.min(style.width - 1 - widthOf(`${id}    ${text}`), LONGEST_BAR);
  return room < SHORTEST_BAR
    ? `${id}  ${text.trimEnd()}`
    : `${id}  ${bar(seen / known, room, style)}  ${text.trimEnd()}`;
}

function bar(part: number, width: number, style: Style): string {
  const full = Math.floor(part * width);
  return `${paint(style, 'green', '█'.repeat(full))}${paint(style, 'dim', '░'.repeat(width - full))}`;
}

/** Rounded down: 100 % means that every case was read. */
function percentText(part: number): string {
  return `${String(Math.floor(part * 100)).padStart(3)} %`;
}

function secondsText(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : duration(seconds / 3_600);
}

function seenCases({ casesCreated, casesUpdated, casesUnchanged }: Progress): number {
  return casesCreated + casesUpdated + casesUnchanged;
}
