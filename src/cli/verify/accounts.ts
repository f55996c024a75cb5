import { closestMatch } from '../../config/spelling.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { accountList } from '../account-list.ts';

/** @throws UsageError for an account that has no rows, with the nearest one. */
export function requireKnown(ids: readonly string[], known: readonly string[]): void {
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const match = closestMatch(unknown, known);
  const guess = match === null ? '.' : `; did you mean ${visibleLine(match)}?`;
  const has = known.length === 0 ? 'No account has been read yet.' : `There are: ${accountList(known)}.`;
  throw new UsageError(`Account ${visibleLine(unknown)} has no cases in the database${guess} ${has}`);
}
