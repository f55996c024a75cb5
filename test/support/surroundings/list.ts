// The servers on which all database tests run: npm run test:surroundings, and one job of the workflow for each.

export type Surroundings = {
  name: string;
  /** For the list that a person reads. */
  about: string;
  /** Major version. */
  postgres: 15 | 16 | 17 | 18;
  /** Arguments of initdb: the collation of every database. */
  locale: readonly string[];
  /** Lines of postgresql.conf. */
  settings: Readonly<Record<string, string>>;
  /** Whether everything but the tests' own administration goes through PgBouncer in transaction mode. */
  isPooled: boolean;
  excluded: readonly Exclusion[];
};

type Exclusion = { files: string; reason: string };

/** Left out in all surroundings. */
const EVERYWHERE: readonly Exclusion[] = [
  {
    files: 'test/embedded-postgres/**',
    reason: 'tests of the embedded server, which start one of their own and never use this one',
  },
  { files: 'test/cli/demo.db.test.ts', reason: 'starts the demo, which has a server of its own' },
  { files: 'test/pages/demo.browser.db.test.ts', reason: 'starts the demo, which has a server of its own' },
  { files: 'test/killed-run.db.test.ts', reason: 'starts servers of its own, and kills them' },
];

const LOGINS =
  'a pooler logs in by itself: clients do not learn why Postgres refuses it, and sessions keep old defaults';
const BEHIND_POOLER: readonly Exclusion[] = [
  ...EVERYWHERE,
  { files: 'test/store/check/check-connection.db.test.ts', reason: LOGINS },
  { files: 'test/worker/outages.db.test.ts', reason: LOGINS },
];

const LIBC_C = ['--locale=C'];
/** As in the embedded server. */
const BUILTIN = [...LIBC_C, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
/** Sorts as people do: 'a' before 'B', punctuation first; equal only if the bytes are equal. */
const ICU = [...LIBC_C, '--locale-provider=icu', '--icu-locale=sv-SE-u-kf-upper-kn'];

const PLAIN = { postgres: 18, locale: BUILTIN, settings: {}, isPooled: false, excluded: EVERYWHERE } as const;

/** Values are printed and read differently, names are found elsewhere, plans differ. */
const ODD_FORMATS = {
  datestyle: 'German, DMY',
  intervalstyle: 'sql_standard',
  timezone: 'Pacific/Chatham',
  timezone_abbreviations: 'Australia',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  escape_string_warning: 'off',
  backslash_quote: 'on',
  array_nulls: 'off',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  default_text_search_config: 'pg_catalog.norwegian',
  xmloption: 'document',
  search_path: 'nowhere, public',
  client_min_messages: 'debug1',
  default_transaction_isolation: 'repeatable read',
  default_transaction_deferrable: 'on',
  row_security: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Little of everything, and no patience. */
const ODD_LIMITS = {
  default_transaction_isolation: 'serializable',
  statement_timeout: '2s',
  lock_timeout: '500ms',
  idle_in_transaction_session_timeout: '1s',
  idle_session_timeout: '3s',
  transaction_timeout: '3s',
  work_mem: '64kB',
  maintenance_work_mem: '1MB',
  temp_buffers: '800kB',
  shared_buffers: '4MB',
  jit: 'on',
  jit_above_cost: '0',
  default_statistics_target: '1',
  max_pred_locks_per_transaction: '10',
};

export const surroundings: readonly Surroundings[] = [
  { ...PLAIN, name: 'postgres-15', about: 'Postgres 15; collation C', postgres: 15, locale: LIBC_C },
  { ...PLAIN, name: 'postgres-16', about: 'Postgres 16; a collation of ICU', postgres: 16, locale: ICU },
  { ...PLAIN, name: 'postgres-17', about: 'Postgres 17', postgres: 17 },
  { ...PLAIN, name: 'postgres-18', about: 'Postgres 18' },
  {
    ...PLAIN,
    name: 'odd-formats',
    about: 'German dates, time zone of Chatham, other styles, names and plans; repeatable read',
    settings: ODD_FORMATS,
  },
  {
    ...PLAIN,
    name: 'odd-limits',
    about: 'timeouts of seconds, little memory, JIT for everything; serializable',
    settings: ODD_LIMITS,
  },
  {
    ...PLAIN,
    name: 'pgbouncer',
    about: 'behind PgBouncer in transaction mode',
    isPooled: true,
    excluded: BEHIND_POOLER,
  },
];
