import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';
import type { EvidenceKey } from './columns.ts';
import { holdsAt, recordedBy } from './conditions.ts';

/** A case as it was known. Times are ISO 8601 in UTC, with microseconds. */
export type EvidenceCase = {
  account_id: string;
  case_id: string;
  known_at: string;
  first_recorded_at: string;
  /** Null = none had been reached by then. */
  status: string | null;
  status_since: string | null;
  deleted_at: string | null;
  /** When a complete list was first without it; null = it was in the list. */
  missing_since: string | null;
  /** Fields of the last document, by their names in reporting.cases. */
  fields: Readonly<Record<string, string>>;
  /** When it was erased, also if that was later; null = it was not. */
  erased_at: string | null;
  /** Other accounts that had the same case id in their lists by then. */
  other_accounts: readonly string[];
};

/** The case as it was known then; null if it was not known yet. */
export async function readEvidenceCase(tx: Transaction, key: EvidenceKey): Promise<EvidenceCase | null> {
  const { accountId, caseId, knownAt } = key;
  const [row] = await tx.$queryRaw<EvidenceCase[]>`
    select
      ${accountId} as account_id,
      ${caseId} as case_id,
      ${exactTime('first_revision.recorded_at')} as first_recorded_at,
      ${exactTime('known.at')} as known_at,
      stay.to_status as status,
      ${exactTime('stay.occurred_at')} as status_since,
      ${exactTime('revision.deleted_at')} as deleted_at,
      case when revision.body is null then ${exactTime('revision.recorded_at')} end as missing_since,
      coalesce(
        (
          select jsonb_object_agg(field_row.field, field_row.new_value)
          from (
            select body, readable
            from cdd.case_revisions
            where ${recordedBy(key)} and body is not null
            order by case_revisions.revision desc
            limit 1
          ) as last_document
          cross join lateral cdd.changed_fields(
            null, null, last_document.body, coalesce(last_document.readable, last_document.body)
          ) as field_row
        ),
        '{}'
      ) as fields,
      (
        select ${exactTime('stored_case.erased_at')}
        from cdd.cases as stored_case
        where stored_case.account_id = ${accountId} and stored_case.id = ${caseId}::uuid
      ) as erased_at,
      array(
        select other_case.account_id
        from cdd.cases as other_case
        where other_case.id = ${caseId}::uuid
          and other_case.account_id <> ${accountId}
          and other_case.first_seen_at <= ${knownAt}::timestamptz
        order by other_case.account_id collate "C"
      ) as other_accounts
    from (select ${knownAt}::timestamptz as at) as known
    cross join (select min(recorded_at) as recorded_at from cdd.case_revisions where ${recordedBy(key)}) as first_revision
    join cdd.case_revisions as revision on revision.revision = (
      select max(revision) from cdd.case_revisions where ${holdsAt(key)}
    ) and revision.account_id = ${accountId} and revision.case_id = ${caseId}::uuid
    left join lateral (
      select to_status, occurred_at
      from cdd.status_transitions
      where ${holdsAt(key)} and occurred_at <= ${knownAt}::timestamptz
      order by sequence desc
      limit 1
    ) as stay on true`;
  return row ?? null;
}

/** When the case was recorded first. */
export async function readFirstRecorded(tx: Transaction, { accountId, caseId }: EvidenceKey): Promise<string> {
  return onlyRow(
    await tx.$queryRaw<{ at: string }[]>`
      select ${exactTime('first_seen_at')} as at
      from cdd.cases
      where account_id = ${accountId} and id = ${caseId}::uuid`,
  ).at;
}

/** The latest instant as of which answers are final. */
export async function readKnownUntil(tx: Pick<Transaction, '$queryRaw'>): Promise<string> {
  return onlyRow(
    await tx.$queryRaw<
      { at: string }[]
    >`select ${exactTime('known_until')} as at from reporting.known_until() as known_until`,
  ).at;
}

/** The contract links of the case that had been recorded by then. */
export async function readContractLinks(
  tx: Transaction,
  { accountId, caseId, knownAt }: EvidenceKey,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ contract_url: string }[]>`
    select distinct contract_url
    from cdd.event_revisions
    where account_id = ${accountId}
      and case_id = ${caseId}::uuid
      and recorded_at <= ${knownAt}::timestamptz
      and contract_url is not null`;
  return rows.map(({ contract_url }) => contract_url);
}

/** The document as it was recorded at this time, as Postgres prints JSON. */
export async function readEvidenceDocument(
  tx: Transaction,
  { accountId, caseId }: EvidenceKey,
  recordedAt: string,
): Promise<string> {
  const [row] = await tx.$queryRaw<{ document: string }[]>`
    select cdd.case_document(${accountId}, ${caseId}::uuid, ${recordedAt}::timestamptz)::text as document`;
  return row?.document ?? 'null';
}
