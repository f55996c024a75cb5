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

/** Compares the role's rights with those that each command needs; gives the statements that add the missing ones. */
export function rightsFindings(rights: Rights, { tables, queue }: States): Finding[] {
  return [
    migrateFinding(rights, tables),
    ...(tables === 'none' ? [] : [syncFinding(rights, tables)]),
    queueFinding(rights, queue),
    grantReaderFinding(rights),
  ];
}

function migrateFinding(rights: Rights, state: TableState): Finding {
  const check = 'rights: migrate';
  const problems = migrateProblems(rights, state);
  if (problems.length > 0) {
    const messages = problems.map(({ message }) => message).join('; ');
    return finding(
      check,
      'problem',
      messages,
      problems.map(({ sql }) => sql),
    );
  }
  const others = [rights.tables, rights.reports].filter(({ exists, isOwner }) => exists && !isOwner);
  if (others.length === 0) return finding(check, 'ok', 'the role may create and change all tables and views');
  const now =
    state === 'current' ? 'Nothing is to be migrated now' : 'Whether something is to be migrated is not known';
  const message = `${ownership(others)}. ${now}; run cdd-sync migrate of a later version as the owner, before start and sync`;
  return finding(check, 'warning', message);
}

type Problem = { message: string; sql: string };

function migrateProblems(rights: Rights, state: TableState): Problem[] {
  const { role, database, mayCreateSchemas, tables, reports } = rights;
  const schemas = [tables, reports];
  const problems: Problem[] = [];
  if (!mayCreateSchemas && schemas.some(({ exists }) => !exists)) {
    const message = `role ${role} may not create schemas in database ${database}`;
    problems.push({ message, sql: createSchemasSql(rights) });
  }
  if (state !== 'none' && state !== 'older') return problems;
  const existing = schemas.filter(({ exists }) => exists);
  const others = existing.filter(({ isOwner }) => !isOwner);
  if (others.length > 0) {
    const message = `${ownership(others)}, and only the owner can migrate: run cdd-sync migrate as the owner, or make this role the owner`;
    problems.push({ message, sql: takeOverSql(rights, others) });
  }
  for (const schema of existing.filter(({ isOwner, mayCreate }) => isOwner && !mayCreate)) {
    const message = `role ${role} owns schema ${schema.name} and may create nothing in it`;
    problems.push({ message, sql: fillSchemaSql(rights, schema) });
  }
  return problems;
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
  // Before a migration the schema changes its owner instead, and then needs no grant.
  const isGranted = ({ isOwner }: SchemaRights) => isOwner || state !== 'older';
  return finding(check, 'problem', message, [
    ...(!tables.mayWrite && isGranted(tables) ? writeSql(rights, tables) : []),
    ...(!reports.mayRead && isGranted(reports) ? readSql(rights, reports) : []),
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
  const { name, mayCreate, mayWrite } = queue;
  if (state === 'none') {
    if (mayCreate) return finding(check, 'ok', `the role may make the queue in schema ${name}`);
    const message = `the role may not make the queue in schema ${name}, which exists`;
    return finding(check, 'problem', message, [fillSchemaSql(rights, queue)]);
  }
  if (state === 'older' && !queue.isOwner) {
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
