import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { ApiSettings } from '../model/account.ts';
import type { Traffic } from '../model/list.ts';
import { type Asked, cancelled, failed, isPassing, refused } from './errors.ts';
import { type Answer, readText, receive } from './response-body.ts';
import type { Gate } from './retry.ts';

/** Whom a request is for: what ends it, and who counts it. */
export type On = { signal: AbortSignal; traffic: Traffic };

export type Call = Asked & {
  query?: URLSearchParams;
  headers: Record<string, string>;
  /** Sent as JSON. */
  data?: unknown;
  /** What the headers hold and no error may tell. */
  secrets: string[];
};

/** Sends requests to the API, one try each. */
export type Http = {
  /** Gives an answer with status 200, or 304 to `If-None-Match`; raises a SyncError for everything else. */
  send: (call: Call, on: On) => Promise<Answer>;
  /** Breaks all connections. */
  close: () => void;
};

export function createHttp({ api, version, gate }: { api: ApiSettings; version: string; gate: Gate }): Http {
  const agents = { httpAgent: new Agent({ keepAlive: true }), httpsAgent: new SecureAgent({ keepAlive: true }) };
  const client = axios.create({
    ...agents,
    baseURL: api.baseUrl,
    // Until the answer begins; from then on its reader keeps the time.
    timeout: Math.ceil(api.timeoutSeconds * 1000),
    // A redirect would take the token along.
    maxRedirects: 0,
    responseType: 'stream',
    decompress: false,
    validateStatus: () => true,
    headers: {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      'User-Agent': `cdd-sync/${version}`,
      'Dintero-System-Name': 'cdd-sync',
      'Dintero-System-Version': version,
    },
  });

  async function send(call: Call, on: On): Promise<Answer> {
    await gate.pass(call.account, on.signal);
    on.traffic.requests += 1;
    const response = await request(client, call, on);
    const answer = answerOf(response, { asked: call, signal: on.signal, timeoutSeconds: api.timeoutSeconds });
    if (answer.status === 200 || (answer.status === 304 && 'If-None-Match' in call.headers)) return answer;
    const body = await readText(answer).catch(() => '');
    if (on.signal.aborted) throw cancelled(on.signal);
    if (isPassing(answer.status)) await gate.hold(call.account, header(response, 'retry-after'));
    throw refused(call, { status: answer.status, body, secrets: call.secrets });
  }

  return {
    send,
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

async function request(client: AxiosInstance, call: Call, { signal }: On): Promise<AxiosResponse<unknown>> {
  const { method, path, headers, query = new URLSearchParams(), data } = call;
  try {
    return await client.request({ method, url: path, headers, params: query, data, signal });
  } catch (error) {
    throw failed(call, error, signal);
  }
}

function answerOf(response: AxiosResponse<unknown>, receiving: Parameters<typeof receive>[2]): Answer {
  if (!(response.data instanceof Readable)) throw new TypeError('axios gave no stream though it was asked for one');
  const encoding = header(response, 'content-encoding').toLowerCase();
  const etag = header(response, 'etag') || null;
  return { status: response.status, etag, ...receive(response.data, encoding, receiving) };
}

/** Empty when there is none. */
function header(response: AxiosResponse<unknown>, name: string): string {
  const value: unknown = response.headers[name];
  return typeof value === 'string' ? value : '';
}
