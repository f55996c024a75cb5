import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { databaseError, describeServer } from '../postgres/errors.ts';
import { poolOptions } from '../postgres/session.ts';
import { type Finding, finding } from './finding.ts';

/**
 * Whether passwords and cases can be read on the way to the server. Asks the socket, not pg_stat_ssl: behind a pooler
 * that view describes another connection.
 */
export async function checkEncryption(url: string): Promise<Finding> {
  const client = new pg.Client(poolOptions(url, { connections: 1, applicationName: 'cdd-sync check' }));
  client.on('error', () => {});
  try {
    await client.connect();
    const { stream } = client.connection;
    return encryptionFinding(client.host, stream instanceof TLSSocket ? stream : null);
  } catch (error) {
    throw databaseError(error, describeServer(url));
  } finally {
    await client.end().catch(() => {});
  }
}

/** `socket` is null without encryption. */
export function encryptionFinding(host: string, socket: Pick<TLSSocket, 'authorized'> | null): Finding {
  if (socket?.authorized)
    return finding('encryption', 'ok', "the connection is encrypted, and the server's certificate was checked");
  const isLocal = host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/.test(host);
  if (isLocal)
    return finding('encryption', 'ok', 'the server is on this machine, so the connection needs no encryption');
  const message =
    socket === null
      ? 'the connection is not encrypted, and the server is on another machine. In a private network that can be right; otherwise add sslmode=verify-full to DATABASE_URL'
      : "the connection is encrypted, but the server's certificate was not checked: another machine could pose as the server. Add sslmode=verify-full to DATABASE_URL";
  return finding('encryption', 'warning', message);
}
