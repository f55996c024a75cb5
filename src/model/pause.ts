import { visibleLine } from './visible-text.ts';

/** The pause of an account: none of its runs begins. */
export type Pause = { accountId: string; since: Date; reason: string };

/** A sentence that says since when and why an account is paused. */
export function pausedText({ accountId, since, reason }: Pause): string {
  const why = reason === '' ? 'no reason was given' : visibleLine(reason);
  return `${accountId} is paused since ${since.toISOString()}: ${why}.`;
}
