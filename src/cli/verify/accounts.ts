import { unknownAccountError } from '../account-list.ts';

/** @throws UsageError for an account that has no rows, with the nearest one. */
export function requireKnown(ids: readonly string[], known: readonly string[]): void {
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw unknownAccountError(unknown, known);
}
