// Roles with more and fewer rights, and the checks that must find a problem.
const grantTables = (role: string) => `
  grant usage on schema cdd, reporting to ${role};
  grant select, insert, update, delete on all tables in schema cdd to ${role};
  grant usage on all sequences in schema cdd to ${role};
  grant select on all tables in schema reporting to ${role}`;
const grantQueue = (role: string) => `
  grant usage on schema pgboss to ${role};
  grant select, insert, update, delete on all tables in schema pgboss to ${role}`;
const createSchemas = (owner: string) =>
  ['cdd', 'reporting', 'pgboss'].map((schema) => `create schema ${schema} authorization ${owner}`).join('; ');
/** A grant or revocation of a right on the database. `role` is quoted. */
export const onDatabase = (right: string, role: string) =>
  `do $do$ begin execute format('${right}', current_database(), '${role.slice(1, -1)}'); end $do$`;

type RoleCase = {
  name: string;
  database: 'empty' | 'migrated';
  attributes?: string;
  suffix?: string;
  /** `role` is quoted. */
  setUp?: (role: string) => string;
  problems: string[];
  /** Whether `grant-reader` works as well; only where there are no problems. */
  mayGrantReader?: boolean;
};

/** The roles that are tried. */
export const ROLES: RoleCase[] = [
  { name: 'without any grant', database: 'empty', problems: ['rights: migrate', 'rights: start'] },
  {
    name: 'without any grant, with an odd name',
    database: 'empty',
    suffix: ` we"ird'$$\\n`,
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that may create schemas',
    database: 'empty',
    setUp: (role) => onDatabase('grant create on database %I to %I', role),
    problems: [],
  },
  {
    name: 'that may create schemas and grant cdd_reader',
    database: 'empty',
    setUp: (role) =>
      `${onDatabase('grant create on database %I to %I', role)}; grant cdd_reader to ${role} with admin option`,
    problems: [],
    mayGrantReader: true,
  },
  {
    name: 'that may use tables and queue and grant cdd_reader, which may not use the reports',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; grant cdd_reader to ${role} with admin option;
      revoke usage on schema reporting from cdd_reader; revoke select on all tables in schema reporting from cdd_reader`,
    problems: [],
  },
  {
    name: 'that may create schemas, where nobody may use schema public',
    database: 'empty',
    setUp: (role) =>
      `revoke all on schema public from public; ${onDatabase('grant create on database %I to %I', role)}`,
    problems: [],
  },
  {
    name: 'that may create roles and no schemas',
    database: 'empty',
    attributes: 'createrole',
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that owns the three schemas',
    database: 'empty',
    setUp: createSchemas,
    problems: [],
  },
  {
    name: 'beside empty schemas of another',
    database: 'empty',
    setUp: () => createSchemas('current_user'),
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that may make tables in empty schemas of another',
    database: 'empty',
    setUp: (role) =>
      `${createSchemas('current_user')}; grant usage, create on schema cdd, reporting, pgboss to ${role}`,
    problems: ['rights: migrate'],
  },
  {
    name: 'that owns nothing, where another has migrated',
    database: 'migrated',
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
  {
    name: 'that owns nothing, with an odd name, where another has migrated',
    database: 'migrated',
    suffix: ` we"ird'$$\\n`,
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
  {
    name: 'that may use the tables, and not the queue',
    database: 'migrated',
    setUp: grantTables,
    problems: ['rights: start'],
  },
  {
    name: 'that may use the queue, and not the tables',
    database: 'migrated',
    setUp: grantQueue,
    problems: ['schema', 'rights: sync, status'],
  },
  {
    name: 'that may use tables and queue',
    database: 'migrated',
    setUp: (role) => `${grantTables(role)}; ${grantQueue(role)}`,
    problems: [],
  },
  {
    name: 'that may only read the tables',
    database: 'migrated',
    setUp: (role) => `
      grant usage on schema cdd, reporting to ${role};
      grant select on all tables in schema cdd, reporting to ${role}; ${grantQueue(role)}`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'without a sequence of the tables',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; revoke usage on all sequences in schema cdd from ${role}`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'where functions are not open to everybody',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; revoke execute on all functions in schema cdd from public`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'where older definitions belong to another',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; update cdd.applied_definitions set checksum = 'of an older version'`,
    problems: ['rights: migrate'],
  },
  {
    name: 'where an older queue belongs to another',
    database: 'migrated',
    setUp: (role) => `${grantTables(role)}; ${grantQueue(role)}; update pgboss.version set version = version - 1`,
    problems: ['rights: start'],
  },
  {
    name: 'that reads reports',
    database: 'migrated',
    setUp: (role) => `grant cdd_reader to ${role}`,
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
];
