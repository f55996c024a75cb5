import { closestMatch } from '../../config/spelling.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import type { Published, PublishedColumn } from '../../store/published/catalogue.ts';
import { requireKnown } from '../account-list.ts';

/** The view or function of this name, also as `reporting.NAME`. @throws UsageError with the nearest one. */
export function findPublished(name: string, published: readonly Published[]): Published {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/^reporting\./, '');
  const found = published.find((one) => one.name === wanted);
  if (found !== undefined) return found;
  const meant = suggestion(
    wanted,
    published.map((one) => one.name),
  );
  throw new UsageError(`There is no view ${visibleLine(name)}${meant} "cdd-sync show" lists all.`);
}

/** @throws UsageError with the nearest one. */
export function findColumn(name: string, { name: view, columns }: Published): PublishedColumn {
  const found = columns.find((column) => column.name === name.trim().toLowerCase());
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const meant = suggestion(name, names);
  throw new UsageError(
    `${view} has no column ${visibleLine(name)}${meant} Its columns are: ${names.map(visibleLine).join(', ')}`,
  );
}

/** @throws UsageError for an account that the role does not see, with the nearest one. */
export async function requireVisibleAccounts(
  tx: Pick<Transaction, '$queryRaw'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx.$queryRaw<{ account_id: string }[]>`
    select account_id from reporting.accounts order by account_id collate "C"`;
  const known = rows.map(({ account_id }) => account_id);
  requireKnown(ids, known, known.length === 0 ? 'To read them: cdd-sync sync' : 'To see them: cdd-sync show accounts');
}

/** The end of a sentence: `; did you mean X?`, or a stop. A part of one name only is taken for it too. */
function suggestion(word: string, names: readonly string[]): string {
  const parts = names.filter((name) => word.length > 2 && name.includes(word.toLowerCase()));
  const closest = closestMatch(word, names) ?? (parts.length === 1 ? (parts[0] ?? null) : null);
  return closest === null ? '.' : `; did you mean ${closest}?`;
}
