import { describe, expect, it } from 'vitest';
import { databaseError, describeServer } from '../../../src/store/postgres/errors.ts';

const errorOf = (error: unknown) => databaseError(error, 'Postgres');
/** An error as pg throws it. */
const pgError = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it.each([
    ['42501', 'permission denied for table sync_runs', /table sync_runs \(42501\); .*administrator/],
    ['42703', 'column "seen" does not exist', /column "seen" does not exist \(42703\); .*cdd-sync migrate/],
    ['25P02', 'current transaction is aborted', /is aborted \(25P02\); ./],
    ['57014', 'canceling statement due to lock timeout', /due to lock timeout \(57014\); .*statement_timeout/],
    ['54000', 'index row size 3000 exceeds maximum for index "i"', /for index "i" \(54000\); ./],
    ['22023', 'invalid value for parameter "DateStyle": "x"', /invalid value for parameter "…" \(22023\); ./],
    ['XX000', 'could not read block 3', /could not read block 3 \(XX000\); .*log/],
    ['ZZ123', 'of a later version', /of a later version \(ZZ123\); .*log/],
    ['P2028', 'Unable to start a transaction', /Unable to start a transaction \(P2028\); ./],
    ['EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.1:5432', /10\.0\.0\.1:5432 \(EHOSTUNREACH\); ./],
  ])('with code %s tells its code, its message and advice', (code, message, text) => {
    expect(errorOf(pgError(code, message)).message).toMatch(text);
    // The queue passes errors on as plain objects.
    expect(errorOf({ code, message }).message).toMatch(text);
  });

  it.each([
    ['too many connections for role "w"', /for role \(53300\); .*alter role … connection limit/],
    ['too many connections for database "cdd"', /for database "cdd" \(53300\); .*alter database … connection limit/],
    ['sorry, too many clients already', /already \(53300\); .*raise max_connections/],
  ])('of a limit of connections names that limit: %s', (message, text) => {
    expect(errorOf({ code: '53300', message }).message).toMatch(text);
  });

  it.each([
    ['timeout expired', /it did not answer in time/],
    ['timeout exceeded when trying to connect', /or all connections were in use/],
    ['Connection terminated unexpectedly', /broke off/],
  ])('without a code has advice for its cause: %s', (message, text) => {
    expect(errorOf(new Error(message)).message).toMatch(text);
  });

  it.each([
    ['no such user', /refused the user or password of DATABASE_URL.* \(28P01\)/, false],
    ['SASL authentication failed', /refused the user or password of DATABASE_URL.* \(28P01\)/, false],
    ['no such database: cdd', /there is no such database; create it.* \(3D000\)/, false],
    ['database "cdd" does not exist', /there is no such database; create it.* \(3D000\)/, false],
    ['permission denied for database "cdd"', /lacks a right.* check prints the statements/, false],
    ['no more connections allowed (max_client_conn)', /\(53300\); raise max_client_conn of the pooler/, true],
    ['unsupported startup parameter: options', /\(08P01\); .*remove it from DATABASE_URL/, false],
    ['query_wait_timeout', /\(08P01\); .*pool_size/, true],
    ['server conn crashed?', /\(08P01\); the connection failed or broke off/, true],
  ])('of PgBouncer has advice for its cause: %s', (message, text, retryable) => {
    const error = errorOf(pgError('08P01', message));
    expect(error.message).toMatch(text);
    expect(error.retryable).toBe(retryable);
  });

  it('of a missing table of the queue advises a restart, which creates it', () => {
    const { message } = errorOf(pgError('42P01', 'relation "pgboss.job_common" does not exist'));
    expect(message).toMatch(/job_common" does not exist \(42P01\); tables of the queue .*a restart of the worker/);
    expect(message).not.toContain('migrate');
  });

  it('of a read-only server names both reasons', () => {
    const { message } = errorOf(pgError('25006', 'cannot execute INSERT in a read-only transaction'));
    expect(message).toMatch(/must name the primary, not a replica, and default_transaction_read_only be off\.$/);
  });

  it('of a missing socket tells it once, and ends with one mark', () => {
    const { message } = errorOf(pgError('ENOENT', 'connect ENOENT /tmp/.s.PGSQL.5432'));
    expect(message).toMatch(/^Postgres: there is no socket in that folder; .*the right folder\? \(ENOENT\)\.$/);
    expect(errorOf(pgError('23505', 'duplicate key')).message).toMatch(/by hand\?$/);
  });

  it.each([
    ['postgres://h:5432/db', 'Postgres at h:5432, database "db"'],
    ['POSTGRES://u@h/db', 'Postgres at h:5432, database "db"'],
    ['postgres://h', /^Postgres at h:5432(, database "(?!undefined|null)\w+")?$/],
  ])('names the server of %s', (url, name) => {
    expect(describeServer(url)).toMatch(name);
  });

  it.each([
    ['22P02', 'invalid input syntax for type integer: "Kari Nordmann"'],
    ['22P02', 'invalid input syntax for type integer: "a" Kari "Nordmann"'],
    ['22P02', 'ungültige Eingabesyntax für Typ integer: »Kari Nordmann«'],
    ['22P02', 'syntaxe en entrée invalide pour le type integer : « Kari Nordmann »'],
    ['P0001', 'Kari Nordmann'],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.1", user "Nordmann", no encryption'],
    ['ZZ123', "about 'Nordmann'"],
  ])('with code %s leaves out the values and users of: %s', (code, message) => {
    const error = errorOf({ code, message });
    expect(error.message).toContain(`(${code})`);
    expect(error.message).not.toContain('Nordmann');
  });

  it.each([
    ['The server does not support SSL connections', 'sslmode=disable'],
    ['certificate has expired', 'compare the clock'],
    ["Hostname/IP does not match certificate's altnames: Host: db.", 'name the host as the certificate does'],
    ['self-signed certificate in certificate chain', 'sslrootcert=/path/to/ca.pem'],
  ])('of an encrypted connection has advice for its cause: %s', (message, advice) => {
    expect(errorOf(new Error(message)).message).toContain(advice);
  });

  it('without a code tells its message, whatever was thrown', () => {
    expect(errorOf(new Error('Queue sync does not exist')).message).toContain('Queue sync does not exist; ');
    expect(errorOf({ message: 'Queue sync does not exist' }).message).toContain('Queue sync does not exist; ');
    expect(errorOf('no more slots').message).toContain('no more slots; ');
    expect(errorOf(undefined).message).toContain('an error without a message; ');
  });

  it('of a host with two addresses tells the message of the first', () => {
    const refused = pgError('EHOSTUNREACH', 'connect EHOSTUNREACH ::1:5432');
    expect(errorOf(new AggregateError([refused, refused])).message).toContain('EHOSTUNREACH ::1:5432');
  });
});
