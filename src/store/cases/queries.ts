import type { Micros } from '../../model/case.ts';
import type { PersonalData } from '../../model/personal-data.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

/**
 * A page of 2,000 cases is received as 160 KB of text. With larger pages, garbage took more memory than the whole
 * index.
 */
const CASES_PER_PAGE = 2000;
const PAGES_AT_ONCE = 10;

/**
 * Passes all cases of an account to `take`, a page at a time, in the format that `CaseIndex.load` reads: id, 12 bytes
 * of fingerprint, 12 bytes of content hash, 1 if missing. The database packs them, because rows as objects take twenty
 * times the memory. They come in the order of the table, because sorting by id takes up to three times as long. With
 * `isHidden`, the hashes are others: as if every document had changed.
 */
export async function packedCases(
  database: Database,
  accountId: string,
  take: (page: Buffer) => void,
  { isHidden = false }: { isHidden?: boolean } = {},
): Promise<void> {
  const hashes = isHidden
    ? Prisma.sql`substring(sha256(uuid_send(id)) for 12) || substring(sha256(uuid_send(id)) for 12)`
    : Prisma.sql`substring(fingerprint for 12) || substring(coalesce(content_hash, fingerprint) for 12)`;
  await database.transact(async (tx) => {
    await tx.$executeRaw`
      declare pages no scroll cursor for
      select
        string_agg(
          uuid_send(id)
            || ${hashes}
            || case when missing_since is null then '\\x00'::bytea else '\\x01' end,
          ''
        ) as packed
      from (
        select id, fingerprint, content_hash, missing_since, row_number() over () / ${CASES_PER_PAGE} as page
        from cdd.cases
        where account_id = ${accountId}
      ) as numbered_case
      group by page`;
    for (;;) {
      const pages = await tx.$queryRaw<{ packed: Buffer }[]>(nextPages);
      for (const { packed } of pages) take(packed);
      if (pages.length < PAGES_AT_ONCE) return;
    }
  });
}

const nextPages = Prisma.raw(`fetch ${PAGES_AT_ONCE} from pages`);

/** A condition: the case was erased. */
export function isErased(accountId: string, caseId: string): Prisma.Sql {
  return Prisma.sql`exists (
      select
      from cdd.cases as erased_case
      where erased_case.account_id = ${accountId}
        and erased_case.id = ${caseId}::uuid
        and erased_case.erased_at is not null
    )`;
}

/** Whether a document is equal, as JSON, to the stored one, by the part of it that is stored. */
export async function hasSameContent(
  database: Database,
  {
    accountId,
    caseId,
    document,
    personalData,
  }: { accountId: string; caseId: string; document: Buffer; personalData: PersonalData },
): Promise<boolean> {
  const [row] = await database.$queryRaw<{ same: boolean }[]>`
    select
      case
        -- The stored document also tells when it was erased.
        when ${isErased(accountId, caseId)}
          then stored.document - 'erased_at' is not distinct from
            cdd.erased_document(cdd.kept_document(received.document, ${personalData}))
        else stored.document is not distinct from cdd.kept_document(received.document, ${personalData})
      end as same
    from (
      select ${document.toString()}::jsonb as document
    ) as received
    cross join (
      select cdd.case_document(${accountId}, ${caseId}::uuid, 'infinity') as document
    ) as stored`;
  return row?.same === true;
}

/** When each event of a case was recorded first, in microseconds, by event id. */
export async function recordedTimes(
  database: Database,
  { accountId, caseId }: { accountId: string; caseId: string },
): Promise<Map<number, Micros>> {
  const rows = await database.$queryRaw<{ id: number; micros: number }[]>`
    select
      id::double precision as id,
      (extract(epoch from min(recorded_at)) * 1000000)::double precision as micros
    from cdd.case_events
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    group by id`;
  return new Map(rows.map(({ id, micros }) => [id, micros]));
}

/** The number of cases that are not missing, by account id. */
export async function presentCases(database: Database, accountIds: readonly string[]): Promise<Map<string, number>> {
  if (accountIds.length === 0) return new Map();
  const rows = await database.$queryRaw<{ id: string; cases: number }[]>`
    select account_id as id, count(*)::integer as cases
    from cdd.cases
    where account_id = any(${accountIds}::text[]) and missing_since is null
    group by account_id`;
  return new Map(rows.map(({ id, cases }) => [id, cases]));
}
