import { z } from 'zod';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import type { FaultOrder } from '../../src/sandbox/faults.ts';
import type { Fleet } from '../fleet.ts';

/** Hours of the sandbox a second: half a dozen accounts get changes every few seconds, and few new cases. */
export const HOURS_PER_SECOND = 0.05;
/** Tokens expire within a few runs. */
export const TOKEN_SECONDS = 20;

const EDIT_EVERY = 3;
const FAULT_EVERY = 5;

/** One after the other. Between them the API is well, so that every kind of end is followed by a success. */
const FAULTS: readonly FaultOrder[] = [
  { endpoint: 'list', fault: { kind: 'status', status: 500 }, times: 2 },
  { endpoint: 'list', fault: { kind: 'cutOff', afterItems: 20 }, times: 2 },
  { endpoint: 'list', fault: { kind: 'noEtag' }, times: 8 },
  { endpoint: 'list', fault: { kind: 'truncated', afterItems: 50 }, times: 2 },
  { endpoint: 'token', fault: { kind: 'status', status: 401 } },
  { endpoint: 'list', fault: { kind: 'items', change: 'missingId' } },
  { endpoint: 'list', fault: { kind: 'status', status: 429, retryAfter: 1 } },
  { endpoint: 'list', fault: { kind: 'items', change: 'reorderedKeys', count: 40 } },
  { endpoint: 'list', fault: { kind: 'hangUp' }, times: 6 },
  { endpoint: 'list', fault: { kind: 'html' } },
  { endpoint: 'list', fault: { kind: 'items', change: 'vanished', count: 3 } },
  { endpoint: 'list', fault: { kind: 'delay', seconds: 2 }, times: 4 },
  { endpoint: 'token', fault: { kind: 'hangUp' }, times: 2 },
];

/** Subscribes the worker at `workerUrl` to the webhooks of every account but the first, which only its schedule reads. */
export async function subscribe({ sandbox, accountIds }: Fleet, workerUrl: string, secret: string): Promise<void> {
  for (const id of accountIds.slice(1)) {
    const account = `${sandbox.url}/accounts/${id}`;
    const { clientId, clientSecret } = sandboxCredentials(id);
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const request = { grant_type: 'client_credentials', audience: account };
    const answer = await post(`${account}/auth/token`, `Basic ${basic}`, request);
    const { access_token } = z.object({ access_token: z.string() }).parse(answer);
    await post(`${account}/hooks/subscriptions`, `Bearer ${access_token}`, {
      config: { url: `${workerUrl}/hooks/dintero/${id}`, secret },
      events: ['cdd_case_update'],
    });
  }
}

/** Changes a case of one account, and makes the next requests fail, each every few seconds. Call it once a second. */
export function disturb({ sandbox, accountIds }: Fleet, second: number): void {
  const account = accountIds[second % accountIds.length];
  if (account !== undefined && second % EDIT_EVERY === 0) sandbox.world.appendEvent({ account });
  const fault = FAULTS[(second / FAULT_EVERY) % FAULTS.length];
  if (fault === undefined) return;
  sandbox.faults.clear();
  sandbox.faults.add(fault);
}

async function post(url: string, authorization: string, body: object): Promise<unknown> {
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
