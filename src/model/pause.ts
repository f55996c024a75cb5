import { visibleLine } from './visible-text.ts';

/** The pause of an account: none of its runs begins. */
export type Pause = { accountId: string; since: Date; reason: string };

/** A sentence that says since when and why an account is paused. `timeOf` writes a time; without it, as ISO 8601. */
export function pausedText(
  { accountId, since, reason }: Pause,
  timeOf: (at: Date) => string = (at) => at.toISOString(),
): string {
  const why = reason === '' ? 'no reason was given' : visibleLine(reason);
  return `${accountId} is paused since ${timeOf(since)}: ${why}.`;
}
