import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';
import type { QueueState } from './queue.ts';
import { createSchemasSql, fillSchemaSql, grantReaderSql, readSql, takeOverSql, writeSql } from './rights-sql.ts';
import { askRights, type RoleRights, type SchemaRights } from './role-rights.ts';

/** State of the tables; `unknown` = the role may not look, or they belong to another version. */
export type TableState = 'none' | 'current' | 'older' | 'unknown';

/** The rights in the schemas of the tables, the reports and the queue. */
export type Rights = Omit<RoleRights, 'schemas'> & {
  tables: SchemaRights;
  reports: SchemaRights;
  queue: SchemaRights;
};

export type States = { tables: TableState; queue: QueueState };

/** @throws SyncError DATABASE when the server cannot be reached. */
export async function askAllRights(database: Database, queueSchema: string): Promise<Rights> {
  const { schemas, ...role } = await askRights(database, ['cdd', 'reporting', queueSchema]);
  const [tables, reports, queue] = schemas;
  if (tables === undefined || reports === undefined || queue === undefined) throw new TypeError('a schema is missing');
  return { ...role, tables, reports, queue };
}

/** Whether the role has what each command needs, and the statements that give it the rest. */
export function rightsFindings(rights: Rights, { tables, queue }: States): Finding[] {
  return [
    migrateFinding(rights, tables),
    ...(tables === 'none' ? [] : [syncFinding(rights, tables)]),
    queueFinding(rights, queue),
    grantReaderFinding(rights),
  ];
}

function migrateFinding(rights: Rights, state: TableState): Finding {
  const { role, database, mayCreateSchemas, tables, reports } = rights;
  const schemas = [tables, reports];
  const others = schemas.filter(({ exists, isOwner }) => exists && !isOwner);
  const isMissing = schemas.some(({ exists }) => !exists);
  const isChanging = state === 'none' || state === 'older';
  const problems = [
    ...(isMissing && !mayCreateSchemas ? [`role ${role} may not create schemas in database ${database}`] : []),
    ...(others.length > 0 && isChanging
      ? [
          `${ownership(others)}, and only the owner can migrate: run cdd-sync migrate as the owner, or make this role the owner`,
        ]
      : []),
  ];
  if (problems.length > 0) {
    return finding('rights: migrate', 'problem', problems.join('; '), [
      ...(isMissing && !mayCreateSchemas ? [createSchemasSql(rights)] : []),
      ...(others.length > 0 && isChanging ? [takeOverSql(rights, others)] : []),
    ]);
  }
  if (others.length === 0)
    return finding('rights: migrate', 'ok', 'the role may create and change all tables and views');
  const now =
    state === 'current' ? 'Nothing is to be migrated now' : 'Whether something is to be migrated is not known';
  const message = `${ownership(others)}. ${now}; run cdd-sync migrate of a later version as the owner, before start and sync`;
  return finding('rights: migrate', 'warning', message);
}

function ownership(schemas: readonly SchemaRights[]): string {
  const owners = new Set(schemas.flatMap(({ otherOwners }) => otherOwners));
  const names = schemas.map(({ name }) => name).join(' and ');
  const subject = schemas.length > 1 ? `schemas ${names}, or objects in them,` : `schema ${names}, or objects in it,`;
  return `${subject} belong to ${[...owners].join(', ')}`;
}

function syncFinding(rights: Rights, state: TableState): Finding {
  const { tables, reports, isReader } = rights;
  const check = 'rights: sync, status';
  if (tables.mayWrite && reports.mayRead) return finding(check, 'ok', 'the role may read and write the tables');
  const reader = isReader ? '. It is a reader of the reports: does DATABASE_URL name the wrong role?' : '';
  const message = `the role may not use all tables of schema cdd and all views of reporting${reader}`;
  // The owner needs no grant.
  if (state === 'older') return finding(check, 'problem', message);
  return finding(check, 'problem', message, [
    ...(tables.mayWrite ? [] : writeSql(rights, tables)),
    ...(reports.mayRead ? [] : readSql(rights, reports)),
  ]);
}

function queueFinding(rights: Rights, state: QueueState): Finding {
  const { queue, mayCreateSchemas, role, database } = rights;
  const check = 'rights: start';
  if (!queue.exists) {
    if (mayCreateSchemas) return finding(check, 'ok', 'the role may create the queue');
    const message = `role ${role} may not create the schema of the queue in database ${database}`;
    return finding(check, 'problem', message, [createSchemasSql(rights)]);
  }
  if (queue.isOwner) return finding(check, 'ok', 'the queue belongs to the role');
  const { name, mayCreate, mayWrite } = queue;
  if (state === 'none') {
    if (mayCreate) return finding(check, 'ok', `the role may make the queue in schema ${name}`);
    const message = `the role may not make the queue in schema ${name}, which exists`;
    return finding(check, 'problem', message, [fillSchemaSql(rights, queue)]);
  }
  if (state === 'older') {
    const message = `${ownership([queue])}, and only the owner can bring the queue to this version`;
    return finding(check, 'problem', message, [takeOverSql(rights, [queue])]);
  }
  if (mayWrite) return finding(check, 'ok', 'the role may use the queue');
  return finding(check, 'problem', `the role may not use the queue in schema ${name}`, writeSql(rights, queue));
}

/** A warning at most: only this command needs it. */
function grantReaderFinding(rights: Rights): Finding {
  const { hasReaderRole, mayGrantReaderRole, mayCreateRoles, readersMayRead } = rights;
  const check = 'rights: grant-reader';
  const reasons = [
    ...(hasReaderRole || mayCreateRoles ? [] : ['the role may not create role cdd_reader, which is missing']),
    ...(hasReaderRole && !mayGrantReaderRole ? ['the role may not grant role cdd_reader'] : []),
    ...(readersMayRead ? [] : ['role cdd_reader may not use schema reporting, and only its owner can change that']),
  ];
  if (reasons.length === 0) return finding(check, 'ok', 'the role may make others readers of the reports');
  const message = `${reasons.join('; ')}. Only cdd-sync grant-reader needs this`;
  return finding(check, 'warning', message, grantReaderSql({ ...rights, schemas: [] }, rights.reports));
}
