import { quoted } from '../postgres/identifier.ts';
import type { Database } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';
import {
  askServer,
  encodingProblem,
  newDatabaseName,
  newDatabaseSql,
  type Server,
  settingsProblem,
  versionProblem,
} from '../postgres/server-check.ts';
import { type Finding, finding } from './finding.ts';
import { createSchemasSql } from './rights-sql.ts';

const MEGABYTE = 1024 * 1024;

type Session = { role: string; bytes: number; isStandby: boolean; isReadOnly: boolean };

/** Version, settings, encoding, and whether the server takes changes. */
export async function checkServerState(database: Database): Promise<Finding[]> {
  const server = await askServer(database);
  const rows = await database.$queryRaw<Session[]>`
    select
      current_user::text as role,
      pg_catalog.pg_database_size(current_database())::double precision as bytes,
      pg_catalog.pg_is_in_recovery() as "isStandby",
      current_setting('default_transaction_read_only')::boolean as "isReadOnly"`;
  const session = onlyRow(rows);
  const name = `Postgres ${server.version}, database ${quoted(server.database)} of ${Math.ceil(session.bytes / MEGABYTE)} MB, role ${quoted(session.role)}`;
  const unsuitable = versionProblem(server) ?? settingsProblem(server);
  return [
    finding('database', unsuitable === null ? 'ok' : 'problem', unsuitable ?? name),
    encodingFinding(server, session),
    writableFinding(session, server),
  ];
}

function encodingFinding(server: Server, { role }: Session): Finding {
  const problem = encodingProblem(server);
  if (problem === null) return finding('encoding', 'ok', 'UTF8');
  const grant = createSchemasSql({ role, database: newDatabaseName(server) });
  return finding('encoding', 'problem', problem, [newDatabaseSql(server), grant]);
}

function writableFinding({ isStandby, isReadOnly, role }: Session, { database }: Server): Finding {
  if (isStandby) {
    const message = 'the server is a standby, which is read-only; DATABASE_URL must name the primary';
    return finding('writable', 'problem', message);
  }
  if (!isReadOnly) return finding('writable', 'ok', 'the server takes changes');
  return finding('writable', 'problem', 'transactions of this role are read-only (default_transaction_read_only)', [
    `alter role ${quoted(role)} in database ${quoted(database)} set default_transaction_read_only to off;`,
  ]);
}
