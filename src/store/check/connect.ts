import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { DatabaseError } from '../postgres/errors.ts';
import { quoted } from '../postgres/identifier.ts';
import { driverUrl } from '../postgres/session.ts';
import { type Finding, finding } from './finding.ts';
import { createSchemasSql } from './rights-sql.ts';

/** A failed first question as a finding, with the statements that let the role connect. Other errors are thrown. */
export function connectFinding(error: unknown, url: string): Finding {
  if (!(error instanceof SyncError)) throw error;
  return finding('database', 'problem', `${error.code}: ${error.message}`, connectSql(error, url));
}

function connectSql(error: SyncError, url: string): string[] {
  const code = error instanceof DatabaseError ? error.sqlState : null;
  const { user: role = '', database = '' } = new pg.Client(driverUrl(url));
  if (code === '3D000') {
    return [
      `create database ${quoted(database)} encoding 'UTF8' template template0;`,
      createSchemasSql({ role, database }),
    ];
  }
  // Translated messages do not match; the administrator then reads the message.
  if (error.message.includes('not permitted to log in')) return [`alter role ${quoted(role)} login;`];
  if (code === '42501') return [`grant connect on database ${quoted(database)} to ${quoted(role)};`];
  return [];
}
