import type { Subject } from '../../config/starter.ts';

/** What is read, and with which client. */
export type Answers = Subject & { clientSecret: string };

/** A connection string, or null for the embedded Postgres. */
export type DatabaseAnswer = { databaseUrl: string | null };
