import { OTHER } from '../../cli-fixture.ts';
import type { ChainedCases } from '../chained-history.ts';
import { rowsOf, type Tampering } from './tampering.ts';

/** Changes of receipts, holds and erased cases, and of columns of cdd.cases. */
export function receiptsTamperings({ erased, edited, missing, late }: ChainedCases): Tampering[] {
  const receipt = { table: 'erasures', problem: /^the receipts of this link were changed, added or removed/ };
  const hold = { table: 'legal_holds', problem: /^the hold or release of this link was changed or removed/ };
  const tombstone = { table: 'cases', isInScript: false };
  return [
    { name: 'the reason of a receipt', sql: `update cdd.erasures set reason = 'none'`, ...receipt },
    { name: 'the kinds of a receipt', sql: `update cdd.erasures set kinds = '{"names": 2}'`, ...receipt },
    {
      name: 'a receipt removed',
      sql: 'delete from cdd.erasures',
      ...receipt,
      problem: /^the receipts of this link are gone/,
    },
    {
      name: 'a receipt added',
      sql: `insert into cdd.erasures select account_id, '${edited}', erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, erased_role, digest, link_number from cdd.erasures`,
      ...receipt,
    },
    {
      name: 'the reason of a hold',
      sql: `update cdd.legal_holds set reason = 'none' ${rowsOf(late)}`,
      ...hold,
    },
    {
      name: 'a hold removed',
      sql: `delete from cdd.legal_holds ${rowsOf(late)}`,
      ...hold,
    },
    {
      name: 'the user of a release that has not come',
      sql: `update cdd.legal_holds set released_by = 'someone' ${rowsOf(late)}`,
      ...hold,
    },
    {
      name: 'a release undone',
      sql: `update cdd.legal_holds set released_at = null, release_reason = null, released_role = null ${rowsOf(edited)}`,
      ...hold,
    },
    {
      name: 'a row of an erased case',
      sql: `update cdd.case_revisions set body = body - 'package' ${rowsOf(erased, 'and revision = 1')}`,
      caseId: erased,
      table: 'erasures',
      problem: /^the rows of this case are not as the receipt/,
    },
    {
      name: 'a case marked as erased',
      sql: `update cdd.cases set erased_at = now() where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      problem: /^erased_at was set, and there is no receipt/,
    },
    {
      name: 'an erased case without its mark',
      sql: `update cdd.cases set erased_at = null where id = '${erased}'`,
      ...tombstone,
      caseId: erased,
      problem: /^has a receipt of having been erased/,
    },
    {
      name: 'the status of a case',
      sql: `update cdd.cases set status = 'DECLINED' where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      row: /^status$/,
      problem: /^does not fit the history/,
    },
    {
      name: 'what reports read of a document',
      sql: `update cdd.cases set organization_number = '999999999', products = '{}' where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      row: /^products, organization_number$/,
      problem: /^does not fit the history/,
    },
    {
      name: 'what reports read of transitions',
      sql: `update cdd.cases set first_decided_at = first_decided_at - interval '1 day', opened_at = null where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      row: /^opened_at, first_decided_at$/,
      problem: /^does not fit the history/,
    },
    {
      name: 'a time of a document from before the chain that is none',
      sql: `update cdd.case_revisions set body = body || '{"created_at": "2026-02-31T00:00:00Z"}' where account_id = '${OTHER}' and recorded_at <= (select linked_at from cdd.digest_links where kind = 'begin') and superseded_at is null`,
      ...tombstone,
      account: OTHER,
      row: /^a value of the document$/,
      problem: /^does not fit the history/,
    },
    {
      name: 'a time of a document that is none',
      sql: `update cdd.case_revisions set body = body || '{"created_at": "2026-02-31T00:00:00Z"}' ${rowsOf(edited, 'and superseded_at is null')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision \d$/,
      problem: /^was changed after it was recorded/,
    },
    {
      name: 'a missing case that is there, with all triggers off',
      sql: `
        set local session_replication_role = replica;
        update cdd.cases set missing_since = null where id = '${missing}';
        set local session_replication_role = origin`,
      ...tombstone,
      caseId: missing,
      row: /^missing_since$/,
      problem: /^does not fit the history/,
    },
  ];
}
