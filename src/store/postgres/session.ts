// Settings of a connection. Each of them has a default that a server, a database or a role can change.
import type pg from 'pg';

/**
 * Settings that our statements and the driver rely on, as Postgres prints them. Prisma's driver reads and writes all
 * times as UTC, and reads a date of another style than ISO as null.
 */
export const REQUIRED_SETTINGS = {
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  bytea_output: 'hex',
  extra_float_digits: '1',
  // Names of tables and columns are read as text from the catalogs.
  quote_all_identifiers: 'off',
  default_transaction_isolation: 'read committed',
} as const;

/** Milliseconds. Longer than any statement should take, waiting for locks included. */
export const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * A transaction that stands still for longer belongs to a lost worker. Shorter than the lease of a run (30 s): its locks
 * must be gone when another worker takes over.
 */
const TRANSACTION_IDLE = '20s';

/**
 * Only Postgres' own functions, and ours by their schema: a login that may create objects in `public` could plant a function
 * that fits a call better, such as unnest(text[]), and it would run with our rights.
 */
const NAMES = { search_path: 'pg_catalog, pg_temp' };

const LIMITS = {
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: '0',
  idle_in_transaction_session_timeout: TRANSACTION_IDLE,
  transaction_timeout: '0',
};

/** A host that vanished is noticed after 25 s instead of two hours. The pool itself closes idle connections. */
const CONNECTION = {
  idle_session_timeout: '0',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000',
};

/** Sets those of the settings that this version of Postgres has: an older one must still be able to tell its version. */
function assign(settings: Record<string, string>, scope: 'session' | 'transaction'): string {
  const values = Object.entries(settings).map(([name, value]) => `('${name}', '${value}')`);
  return `
    select set_config(name, value, ${scope === 'transaction'})
    from (values ${values.join(', ')}) as setting (name, value)
    where current_setting(name, true) is not null`;
}

const SET_UP_SESSION = `${assign({ ...REQUIRED_SETTINGS, ...NAMES, ...LIMITS, ...CONNECTION }, 'session')};
  -- Ends the statement of a killed worker within seconds. A server on Windows cannot do this, and refuses the setting.
  do $$
  begin
    perform set_config('client_connection_check_interval', '2s', false);
  exception
    when others then null;
  end
  $$;
  -- Our triggers must run: without them the reports stand still, and nothing fails. Only a superuser may set this, so
  -- checkServer refuses the connection of another role.
  do $$
  begin
    if current_setting('session_replication_role') <> 'origin' then
      perform set_config('session_replication_role', 'origin', false);
    end if;
  exception
    when insufficient_privilege then null;
  end
  $$`;

/**
 * SQL that makes a transaction independent of its session: a pooler in transaction mode may run it on a connection that
 * never had our settings.
 */
export const SET_UP_TRANSACTION = assign({ ...REQUIRED_SETTINGS, ...NAMES, ...LIMITS }, 'transaction');

/**
 * The url as the driver should get it. Every `sslmode` that encrypts checks certificate and host, as verify-full does,
 * except no-verify. For the other names of verify-full the driver prints a warning of twelve lines at every start.
 */
export function driverUrl(url: string): string {
  if (/[?&]uselibpqcompat=true(&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(allow|prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** The options of every pool of ours, pg-boss's and the migration's included. */
export function poolOptions(
  url: string,
  { connections, applicationName, waitMs = 30_000 }: { connections: number; applicationName: string; waitMs?: number },
) {
  return {
    connectionString: driverUrl(url),
    max: connections,
    application_name: applicationName,
    // Also the time that a statement may wait for a free connection of the pool.
    connectionTimeoutMillis: waitMs,
    keepAlive: true,
    // Before a firewall or a proxy drops a silent connection without closing it.
    keepAliveInitialDelayMillis: 30_000,
    // A statement, because poolers refuse the startup parameter `options`. PgBouncer repeats the settings that clients
    // are told of (time zone, styles) on the connection that it uses next.
    onConnect: (client: pg.ClientBase) => client.query(SET_UP_SESSION),
  };
}
