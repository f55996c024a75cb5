// For a dry run: counts the changes that saving a batch would make, with the comparison of the saving statement, in a
// read-only transaction.
import type { PersonalData } from '../../model/personal-data.ts';
import type { Batch } from '../../sync/batcher.ts';
import type { Compared } from '../../sync/dry-run.ts';
import { type Database, Prisma } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';
import { BATCH_SETTINGS } from '../runs/run-lock.ts';
import { isErased } from './queries.ts';
import { type BatchChanges, batchChanges } from './sql/batch-changes.ts';
import { batchInput } from './sql/batch-input.ts';
import { compareWithStored } from './sql/compare-stored.ts';

type Context = { accountId: string; personalData: PersonalData };

const NOTHING: Compared = { updated: new Set(), events: 0, transitions: 0, problems: new Map(), contents: new Map() };

/** Compares the cases of a batch with the tables. Does not look for problems of cases. */
export async function compareBatch(database: Database, { read }: Batch, context: Context): Promise<Compared> {
  if (read.length === 0) return NOTHING;
  // The time for a transition that has none: equal to no stored one, like that of a real run.
  const input = batchInput(read, { ...context, recordedAt: new Date().toISOString() });
  const compare = Prisma.sql`
    with ${input},
    ${compareWithStored(read, context)}
    select
      ${batchChanges},
      (select json_object_agg(id, ${contentHash('document')}) from input_cases) as contents`;
  const options = { isReadOnly: true, settings: BATCH_SETTINGS };
  const rows = await database.transact(
    (tx) => tx.$queryRaw<(BatchChanges & { contents: Record<string, string> })[]>(compare),
    options,
  );
  const { updated, events, transitions, contents } = onlyRow(rows);
  return { ...NOTHING, updated: new Set(updated), events, transitions, contents: new Map(Object.entries(contents)) };
}

/** A hash of the case's document as it would be stored: equal for equal JSON, as Postgres compares it. */
export async function contentOf(
  database: Database,
  {
    accountId,
    caseId,
    document,
    personalData,
  }: { accountId: string; caseId: string; document: Buffer; personalData: PersonalData },
): Promise<string> {
  const rows = await database.$queryRaw<{ content: string }[]>`
    select ${contentHash('stored.document')} as content
    from (
      select
        case
          when ${isErased(accountId, caseId)} then cdd.erased_document(cdd.kept_document(document, ${personalData}))
          else cdd.kept_document(document, ${personalData})
        end as document
      from (select ${document.toString()}::jsonb as document) as received
    ) as stored`;
  return onlyRow(rows).content;
}

/** The expression becomes part of the statement: never pass input. */
function contentHash(expression: string): Prisma.Sql {
  const hash = (seed: number) => `jsonb_hash_extended(${expression}, ${seed})::text`;
  return Prisma.raw(`${hash(0)} || ',' || ${hash(1)}`);
}
