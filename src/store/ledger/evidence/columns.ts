import { Prisma } from '../../postgres/pool.ts';
import type { PublishedColumn } from '../../published/catalogue.ts';

/** A case, and the knowledge of it: an instant of which answers are final. */
export type EvidenceKey = { accountId: string; caseId: string; knownAt: string };

/** A table of the evidence. Its rows are those that were recorded by then, as they were known then. */
export type EvidenceTable = {
  name: string;
  columns: readonly PublishedColumn[];
  query: (key: EvidenceKey) => Prisma.Sql;
};

export const TIME = 'timestamp with time zone';

/** Columns with their types in Postgres. */
export function columns(types: Readonly<Record<string, string>>): PublishedColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

/** Bytes as text: names of columns only. */
export function hex(column: string): Prisma.Sql {
  return Prisma.sql`encode(${Prisma.raw(column)}, 'hex')`;
}
