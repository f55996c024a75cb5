import { UsageError } from '../model/usage-error.ts';

/** A reason stands in tables, in the log and on pages. */
export const LONGEST_REASON = 500;

/**
 * The text of --reason in one line. `shown` says where it will be seen.
 * @throws UsageError for an empty or a long one.
 */
export function reasonOf(text: string, shown: string): string {
  const reason = text.trim().replaceAll(/\s+/g, ' ');
  if (reason === '') throw new UsageError(`--reason needs a text: it is shown ${shown}`);
  if (reason.length > LONGEST_REASON) {
    throw new UsageError(`--reason has ${reason.length} characters; at most ${LONGEST_REASON} are kept`);
  }
  return reason;
}
