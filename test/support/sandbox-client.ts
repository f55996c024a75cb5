import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { isObject, type JsonObject } from '../../src/sandbox/json.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';

export type Received = { status: number; headers: IncomingHttpHeaders; body: Buffer; isComplete: boolean };

export type Sent = { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal };

/** Sends a request. The body is not decompressed; after a broken connection `isComplete` is false. */
export async function send(url: string, { method = 'GET', headers = {}, body, signal }: Sent = {}): Promise<Received> {
  const outgoing = request(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    agent: false,
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(outgoing, 'response', signal ? { signal } : {});
  const pieces: Buffer[] = [];
  response.on('data', (piece: Buffer) => pieces.push(piece));
  response.on('error', () => {});
  // `once` of node:events would reject when the connection breaks.
  await new Promise((resolve) => response.once('close', resolve));
  return {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.concat(pieces),
    isComplete: response.complete,
  };
}

export function parsed(received: Received): unknown {
  return JSON.parse(received.body.toString());
}

/** Returns the objects of a list; throws if the body is no array. */
export function itemsIn(received: Received): JsonObject[] {
  const list = parsed(received);
  if (!Array.isArray(list)) throw new Error('The answer is no array');
  return list.filter(isObject);
}

export function basic(accountId: string): string {
  const { clientId, clientSecret } = sandboxCredentials(accountId);
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

export function requestToken(
  sandbox: Sandbox,
  accountId: string,
  { authorization = basic(accountId), audience = accountId } = {},
): Promise<Received> {
  return send(`${sandbox.url}/accounts/${accountId}/auth/token`, {
    method: 'POST',
    headers: { authorization },
    body: { grant_type: 'client_credentials', audience: `${sandbox.url}/accounts/${audience}` },
  });
}

export async function tokenFor(sandbox: Sandbox, accountId: string): Promise<string> {
  return tokenIn(await requestToken(sandbox, accountId));
}

export function tokenIn(received: Received): string {
  const body = parsed(received);
  if (typeof body === 'object' && body !== null && 'access_token' in body) return String(body.access_token);
  throw new Error(`No token in an answer with status ${received.status}`);
}

export function listUrl(sandbox: Sandbox, accountId: string, query = ''): string {
  return `${sandbox.url}/accounts/${accountId}/management/settings/cdd/cases${query}`;
}

export async function getList(
  sandbox: Sandbox,
  accountId: string,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Received> {
  const authorization = `Bearer ${await tokenFor(sandbox, accountId)}`;
  return send(listUrl(sandbox, accountId, query), { headers: { authorization, ...headers } });
}
