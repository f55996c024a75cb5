import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** A day as Postgres reads it. @throws UsageError for a text that is no day. */
export function readDay(text: string, option: string): string {
  if (isDay(text.trim())) return text.trim();
  throw new UsageError(`${option} needs a day such as 2026-11-03, and not ${visibleLine(text)}`);
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  // JavaScript takes 31 June for 1 July. Postgres has no year 0.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && !text.startsWith('0000');
}
