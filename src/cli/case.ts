import type { CaseKey } from '../model/case-key.ts';
import { headBlock } from '../pages/case/head.ts';
import { declinedBefore } from '../pages/case/linked.ts';
import { momentsOf, momentText } from '../pages/case/moments.ts';
import { readLinkedCases } from '../pages/case/other-queries.ts';
import { readCase, readStays } from '../pages/case/queries.ts';
import { retentionPart } from '../pages/case/retention.ts';
import type { ShownCase } from '../pages/case/shown.ts';
import { readChanges, readFactMoments, readTimeline } from '../pages/case/timeline-queries.ts';
import { plainText } from '../pages/html/plain-text.ts';
import { type KnownAt, readPresent } from '../pages/known-at.ts';
import { identifier } from '../store/postgres/identifier.ts';
import { Prisma, type Transaction } from '../store/postgres/pool.ts';
import { readBatches } from '../store/published/rows.ts';
import { findCase } from './case/find.ts';
import { caseLines, notesOf } from './case/text.ts';
import type { LookSettings } from './database.ts';
import type { CommandContext, ProcessContext } from './process-context.ts';
import { fieldsOf, jsonObject, type Row, selectList } from './reports/cells.ts';
import { findPublished, requireVisibleAccounts } from './reports/find.ts';
import { type Reports, withReports } from './reports/open.ts';
import { readMoment } from './reports/time-input.ts';
import { type JsonForm, printJson } from './terminal/json.ts';

export type CaseOptions = { account?: string[]; knownAt?: string };

type CaseContext = CommandContext & Pick<ProcessContext, 'printError'> & { form: JsonForm };

/** Prints one case on both time axes, in the words of its page; for programs, the rows of case_timeline. */
export async function runCase(
  settings: LookSettings,
  id: string,
  { account = [], knownAt }: CaseOptions,
  context: CaseContext,
): Promise<void> {
  await withReports(settings, context, async (reports) => {
    const { database, clock } = reports;
    const { timezone } = clock;
    await requireVisibleAccounts(database, account);
    const asked = knownAt === undefined ? null : { text: knownAt, option: '--known-at', timezone };
    const known = asked === null ? null : await readMoment(database, asked);
    // Times as texts of microseconds are of the zone, so rows for programs are read in UTC.
    const zone = context.form === null ? timezone : 'UTC';
    await database.transact(
      async (tx) => {
        const found = await findCase(tx, id, account);
        if (context.form !== null) await printJson(rowsOf(tx, reports, { found, known }), context.form, context.print);
        else await printCase({ tx, clock, known: known ?? (await readPresent(tx)) }, found, context);
      },
      { isReadOnly: true, signal: context.signal, settings: { timezone: zone } },
    );
  });
}

type Asking = Pick<ShownCase, 'tx' | 'clock' | 'known'>;

async function printCase(asking: Asking, key: CaseKey, { print, printError, style }: CaseContext): Promise<void> {
  const { tx, known, clock } = asking;
  const row = await readCase(tx, key);
  if (row === null) return;
  const asked = { ...key, known: known.instant };
  // The links of a page lead nowhere here; plainText leaves them out.
  const shown: ShownCase = { ...asking, asked, row, url: new URL('http://cdd-sync/') };
  const [stays, changes] = [await readStays(tx, asked), await readChanges(tx, asked)];
  const versions = await readTimeline(tx, asked);
  const moments = momentsOf(versions, await readFactMoments(tx, asked));
  const [title = '', ...head] = plainText(await headBlock(shown, { stays, changes })).split('\n');
  const warning = plainText(declinedBefore(shown, await readLinkedCases(tx, asked)));
  const kept = plainText(await retentionPart(shown));
  const about = [
    ...head,
    ...[warning, kept].filter((text) => text !== ''),
    // A case without a name has its id for a title.
    ...(title.includes(row.case_id) ? [] : [`case ${row.case_id}`]),
    plainText(momentText(moments, { known, clock })),
  ];
  for (const line of caseLines({ shown, title, about, versions, stays }, style)) await print(line);
  for (const note of notesOf(known, clock)) printError(`\n${note}`);
}

/** The rows of case_timeline that were known, in the order of the view. */
async function* rowsOf(
  tx: Transaction,
  { published }: Reports,
  { found, known }: { found: CaseKey; known: KnownAt | null },
): AsyncGenerator<object> {
  const fields = fieldsOf(findPublished('case_timeline', published).columns);
  const until = known?.instant ?? 'infinity';
  // A row that was replaced later still held.
  const columns = Prisma.join(
    fields.map(({ name }) =>
      name === 'superseded_at'
        ? Prisma.sql`case when superseded_at <= ${until}::timestamptz then superseded_at end as superseded_at`
        : identifier(name),
    ),
  );
  const query = Prisma.sql`
    select ${selectList(fields)}
    from (
      select ${columns}
      from reporting.case_timeline
      where account_id = ${found.accountId} and case_id = ${found.caseId}::uuid and recorded_at <= ${until}::timestamptz
    ) as known_row
    order by known_row.at, known_row.recorded_at, known_row.event_id nulls first, known_row.kind, known_row.title`;
  for await (const rows of readBatches<Row>(tx, query)) for (const row of rows) yield jsonObject(fields, row);
}
