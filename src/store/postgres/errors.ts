// Errors of Postgres and of the connection to it: their meaning, their message, and whether another try can help.
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { Prisma } from '../generated/client.ts';

/**
 * The server and the database of a url, without user and password.
 * @throws SyncError DATABASE when the url is no connection string of Postgres.
 */
export function describeServer(url: string): string {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError('another scheme');
    const { host, port, database } = new pg.Client(url);
    return `Postgres at ${host}:${port}, database "${database}"`;
  } catch {
    // Not kept as the cause: it may contain the url.
    const message =
      'DATABASE_URL is not a connection string: it looks like postgresql://user:password@host:5432/database, ' +
      'with special characters of the password percent-encoded.';
    throw new SyncError('DATABASE', message);
  }
}

type Fault = {
  /** SQLSTATE, or the name of a network error. */
  code: string | null;
  message: string;
};

/**
 * Any error of pg or of Prisma's client as a `DATABASE` error. Postgres quotes values in many messages and details:
 * these are left out, and the error is not kept as the cause, because a log would print all of it.
 */
export function databaseError(error: unknown, server: string): SyncError {
  if (error instanceof SyncError) return error;
  const fault = faultOf(error);
  const [words, retryable] = explain(fault);
  return new SyncError('DATABASE', `${server}: ${words}${fault.code === null ? '' : ` (${fault.code})`}.`, {
    retryable,
  });
}

function faultOf(error: unknown): Fault {
  const driverError = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : error;
  if (driverError instanceof DriverAdapterError) {
    const { cause } = driverError;
    const message = cause.originalMessage ?? ('reason' in cause ? cause.reason : cause.kind);
    // Only a host name that was resolved has a port here.
    if (cause.kind === 'DatabaseNotReachable' && cause.port === undefined) return { code: 'ENOTFOUND', message };
    return { code: cause.originalCode ?? networkCodes[cause.kind] ?? cause.kind, message };
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const message = error instanceof Error ? error.message : '';
  // Node and pg have two dozen codes and messages for TLS errors; none of the codes is a SQLSTATE.
  const isTls = !/^[0-9A-Z]{5}$/.test(code ?? '') && /SSL|TLS|certificate/.test(message);
  return { code: isTls ? 'TLS' : code, message };
}

/** Prisma's names of network errors. */
const networkCodes: Partial<Record<string, string>> = {
  DatabaseNotReachable: 'ECONNREFUSED',
  ConnectionClosed: 'ECONNRESET',
  SocketTimeout: 'ETIMEDOUT',
  TlsConnectionError: 'TLS',
};

const tlsAdvice =
  'for a certificate of a private authority add sslrootcert=/path/to/ca.pem, ' +
  'to encrypt without checking the server add sslmode=no-verify to DATABASE_URL';

/** By code, else by class (the first two characters of a SQLSTATE): the message, and whether another try can help. */
const meanings: Record<string, [words: string, retryable: boolean]> = {
  ECONNREFUSED: ['nothing answers there; is it running, and does DATABASE_URL name the right host and port?', true],
  ENOTFOUND: ['its host is not to be found; does DATABASE_URL name the right one?', true],
  EAI_AGAIN: ['its host is not to be found at the moment; does name resolution work?', true],
  ETIMEDOUT: ['it did not answer in time; is a firewall in between?', true],
  ECONNRESET: ['the connection was closed in the middle', true],
  '28P01': ['it refused the user or password of DATABASE_URL', false],
  '28': ['it refused the user of DATABASE_URL, or takes encrypted connections only (sslmode=require)', false],
  '3D000': ['there is no such database; create it, or correct DATABASE_URL', false],
  '25006': ['it is read-only; DATABASE_URL must name the primary, not a replica', true],
  '53100': ['its disk is full', true],
  '53300': ['it has no connection left; raise max_connections, or lower concurrency in the configuration', true],
  '55P03': ['somebody else held a lock for too long; pg_stat_activity shows who', true],
  '57014': ['it cancelled a statement; statement_timeout of the role or the server may be too short', true],
  '22': ['it refused a value', false],
  '40': ['two transactions were in each other’s way', true],
};

/** Classes with messages that contain names of tables, columns and settings, and never a value. */
const harmlessMessages = /^(08|0A|23|2B|3F|42|53|55|57|58)/;

function explain({ code, message }: Fault): [words: string, retryable: boolean] {
  const words = message.replace(/ (user|role) "[^"]*"/g, ' $1');
  if (code === 'TLS') return [`the encrypted connection failed: ${words}; ${tlsAdvice}`, false];
  const known = meanings[code ?? ''] ?? meanings[code?.slice(0, 2) ?? ''];
  if (known !== undefined) return known;
  // Network errors such as EHOSTUNREACH. Errors of pg without a code: the connection ended, or the pool had none free
  // in time.
  const broken = code === null ? /connect|timeout/i.test(message) : /^E[A-Z]+$/.test(code);
  if (broken) return ['the connection failed or broke off', true];
  return [harmlessMessages.test(code ?? '') ? words : 'it failed', /^(08|53|57|58)/.test(code ?? '')];
}
