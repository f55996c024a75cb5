import { Prisma } from '../../postgres/pool.ts';
import { type EvidenceKey, TIME } from './columns.ts';

/** Both times of knowledge. A row that was replaced later still held. */
export const RECORDED = { recorded_at: TIME, superseded_at: TIME };

/** The rows of the case that had been recorded by then. */
export function recordedBy({ accountId, caseId, knownAt }: EvidenceKey): Prisma.Sql {
  return Prisma.sql`account_id = ${accountId} and case_id = ${caseId}::uuid and recorded_at <= ${knownAt}::timestamptz`;
}

/** The column superseded_at as it was then. */
export function supersededBy({ knownAt }: EvidenceKey): Prisma.Sql {
  return Prisma.sql`case when superseded_at <= ${knownAt}::timestamptz then superseded_at end as superseded_at`;
}

/** Of these rows, those that held then. */
export function holdsAt(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`${recordedBy(key)} and (superseded_at is null or superseded_at > ${key.knownAt}::timestamptz)`;
}
