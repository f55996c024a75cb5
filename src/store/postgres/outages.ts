// Errors of Postgres that concern every statement or connection, not the one that failed.
import pg from 'pg';
import { DatabaseError, databaseError, describeServer } from './errors.ts';
import { driverUrl } from './session.ts';

/**
 * - `connection`: a session ended, or a connection failed or was refused. A new one shows whether Postgres can be used.
 * - `resource`: writing fails, or a disk, a file or free connections are missing. A new connection proves little.
 */
export type OutageKind = 'connection' | 'resource';

const PROBE_TIMEOUT_MS = 5_000;

/** By code, else by class (the first two characters of a SQLSTATE). Null: an error of its statement only. */
const kinds: Record<string, OutageKind | null> = {
  '08': 'connection',
  '25006': 'resource',
  '28': 'connection',
  '3D': 'connection',
  '53': 'resource',
  '57': 'connection',
  '57014': null,
  '58': 'resource',
  TLS: 'connection',
};

/** The kind of outage that an error belongs to; null if it is the error of one statement. */
export function outageKind(error: unknown): OutageKind | null {
  if (!(error instanceof DatabaseError)) return null;
  const { sqlState: code, retryable } = error;
  // Errors of pg without a code: the connection ended, or none was free in time.
  if (code === null) return retryable ? 'connection' : null;
  const kind = kinds[code] ?? (code in kinds ? null : kinds[code.slice(0, 2)]);
  if (kind !== undefined) return kind;
  return /^E[A-Z]+$/.test(code) ? 'connection' : null;
}

/**
 * Opens a new connection and asks whether it may write.
 * @throws SyncError DATABASE when it cannot be opened, or is read-only.
 */
export async function probeServer(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: driverUrl(url),
    application_name: 'cdd-sync probe',
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  // No-op: without a listener, Node would crash when the connection breaks. The query gets the error anyway.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ answer: string }>(
      `select current_setting('transaction_read_only') as answer`,
    );
    if (rows[0]?.answer === 'on') {
      throw Object.assign(new Error('transactions are read-only'), { code: '25006' });
    }
  } catch (error) {
    throw databaseError(error, describeServer(url));
  } finally {
    client.end().catch(() => {});
  }
}
