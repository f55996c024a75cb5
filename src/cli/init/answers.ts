import type { Subject } from '../../config/starter.ts';

/** The account or partner that is read, and its client. */
export type Answers = Subject & { clientSecret: string };

/** A connection string, or null for the embedded Postgres. */
export type DatabaseAnswer = { databaseUrl: string | null };
