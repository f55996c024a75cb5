import { Prisma } from '../../postgres/pool.ts';
import { columns, type EvidenceTable, hex, TIME } from './columns.ts';

/** Holds as they were known then. */
export const holds: EvidenceTable = {
  name: 'holds',
  columns: columns({
    held_at: TIME,
    reason: 'text',
    held_by: 'text',
    held_role: 'text',
    released_at: TIME,
    release_reason: 'text',
    released_by: 'text',
    released_role: 'text',
  }),
  query: ({ accountId, caseId, knownAt }) => Prisma.sql`
    select
      hold.held_at,
      hold.reason,
      hold.held_by,
      hold.held_role,
      released.released_at,
      released.release_reason,
      released.released_by,
      released.released_role
    from cdd.legal_holds as hold
    left join cdd.legal_holds as released
      on released.account_id = hold.account_id
      and released.case_id = hold.case_id
      and released.held_at = hold.held_at
      and released.released_at <= ${knownAt}::timestamptz
    where hold.account_id = ${accountId} and hold.case_id = ${caseId}::uuid and hold.held_at <= ${knownAt}::timestamptz
    order by hold.held_at`,
};

/** All receipts, also later ones: they say why a value is no longer there. */
export const receipts: EvidenceTable = {
  name: 'receipts',
  columns: columns({
    erased_at: TIME,
    kind: 'text',
    reason: 'text',
    is_before_time: 'boolean',
    kept_until: TIME,
    kinds: 'jsonb',
    erased_by: 'text',
    erased_role: 'text',
    digest: 'text',
    link_number: 'integer',
  }),
  query: ({ accountId, caseId }) => Prisma.sql`
    select
      erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, erased_role, ${hex('digest')} as digest,
      link_number
    from cdd.erasures
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    order by erased_at`,
};
