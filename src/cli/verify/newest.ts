import { newestLinks } from '../../ledger/verify/newest.ts';
import { publishedText } from '../../ledger/verify/published.ts';
import type { Database } from '../../store/postgres/pool.ts';
import type { ProcessContext } from '../process-context.ts';
import { type JsonOptions, jsonForm, printJson } from '../terminal/json.ts';
import { requireAccountsWithHistory } from './accounts.ts';

/** Prints the newest digest of each chain, a line each, as --expect reads it, with the time of the link. */
export async function printNewest(
  database: Database,
  { account = [], ...options }: JsonOptions & { account?: string[] },
  { print }: Pick<ProcessContext, 'print'>,
): Promise<void> {
  const form = jsonForm(options);
  await requireAccountsWithHistory(database, account);
  const links = await newestLinks(database, account);
  if (form !== null) {
    const rows = links.map(({ accountId, number, digest, linkedAt }) => ({
      account_id: accountId,
      number,
      digest,
      linked_at: linkedAt,
    }));
    return printJson(rows, form, print);
  }
  for (const link of links) print(`${publishedText(link)} ${link.linkedAt}`);
}
