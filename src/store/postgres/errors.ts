// Errors of Postgres and of the connection to it: their meaning, their message, and whether another try can help.
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { Prisma } from '../generated/client.ts';
import { explain } from './error-advice.ts';
import { codeOfCause } from './pooler-errors.ts';
import { driverUrl } from './session.ts';

/**
 * The server and the database of a url, without user and password.
 * @throws SyncError DATABASE when the url is no connection string of Postgres, or names a file that cannot be read.
 */
export function describeServer(url: string): string {
  try {
    if (!/^postgres(ql)?:\/\//i.test(url)) throw new TypeError('another scheme');
    const { host, port, database } = new pg.Client(driverUrl(url));
    // pg takes the name of the user for that of the database, and has neither where the URL and the system name none.
    return `Postgres at ${host}:${port}${database === undefined ? '' : `, database "${database}"`}`;
  } catch (error) {
    const file = unreadableFile(error);
    if (file !== null) throw new SyncError('DATABASE', file);
    // Not kept as the cause: it may contain the url.
    const message =
      'DATABASE_URL is not a connection string: it looks like postgresql://user:password@host:5432/database, ' +
      'with special characters of the password percent-encoded.';
    throw new SyncError('DATABASE', message);
  }
}

/** pg reads the files of sslrootcert, sslcert and sslkey while it parses the url. */
function unreadableFile(error: unknown): string | null {
  const path = textOf(error, 'path');
  if (path === null || textOf(error, 'syscall') === null) return null;
  const code = textOf(error, 'code');
  const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  return `DATABASE_URL names the file ${path} (sslrootcert, sslcert or sslkey), which ${reason}. Correct the path, or make the file readable for the current user.`;
}

/** A `DATABASE` error with the code of Postgres, or of the network; null when there is none. */
export class DatabaseError extends SyncError {
  readonly sqlState: string | null;

  constructor(message: string, { sqlState, retryable }: { sqlState: string | null; retryable: boolean }) {
    super('DATABASE', message, { retryable });
    this.sqlState = sqlState;
  }
}

/** Whether a statement waited longer for a lock than its `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlState === '55P03';
}

type Fault = {
  /** SQLSTATE, or the name of a network error. */
  code: string | null;
  message: string;
};

/**
 * Any error of pg, Prisma's client or pg-boss as a `DATABASE` error, with its code, its message and advice. Postgres
 * quotes values in many messages and details: these are left out, and the error is not kept as the cause, because a log
 * would print all of it.
 */
export function databaseError(error: unknown, server: string): SyncError {
  if (error instanceof SyncError) return error;
  const fault = faultOf(error);
  const [words, retryable] = explain(fault);
  return new DatabaseError(`${server}: ${words}${words.endsWith('?') ? '' : '.'}`, { sqlState: fault.code, retryable });
}

function faultOf(error: unknown): Fault {
  const driverError = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : error;
  if (driverError instanceof DriverAdapterError) return faultOfDriver(driverError);
  if (typeof error === 'string') return { code: null, message: error };
  const code = textOf(error, 'code') ?? textOf(error, 'errorCode');
  const message = textOf(error, 'message') ?? '';
  // Both addresses of a host were tried: the error of each has the message.
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (message === '' && first !== undefined) return faultOf(first);
  // Node and pg have two dozen codes and messages for TLS errors; none of the codes is a SQLSTATE.
  const isTls = !/^[0-9A-Z]{5}$/.test(code ?? '') && /SSL|TLS|certificate/.test(message);
  return { code: isTls ? 'TLS' : codeOfCause(code, message), message: message || 'an error without a message' };
}

function faultOfDriver({ cause }: DriverAdapterError): Fault {
  const message = cause.originalMessage ?? ('reason' in cause ? cause.reason : cause.kind);
  // Only a host name that was resolved has a port here.
  if (cause.kind === 'DatabaseNotReachable' && cause.port === undefined) return { code: 'ENOTFOUND', message };
  return { code: codeOfCause(cause.originalCode ?? networkCodes[cause.kind] ?? cause.kind, message), message };
}

/** A field of an error. pg-boss passes errors on as plain objects. */
function textOf(error: unknown, name: string): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const field: unknown = Reflect.get(error, name);
  return typeof field === 'string' ? field : null;
}

/** Prisma's names of network errors. */
const networkCodes: Partial<Record<string, string>> = {
  DatabaseNotReachable: 'ECONNREFUSED',
  ConnectionClosed: 'ECONNRESET',
  SocketTimeout: 'ETIMEDOUT',
  TlsConnectionError: 'TLS',
};
