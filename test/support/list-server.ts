import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { DinteroClient } from '../../src/dintero/client.ts';
import type { Clock } from '../../src/http/clock.ts';
import type { Account } from '../../src/model/account.ts';
import type { ApiSettings } from '../../src/model/api-settings.ts';
import type { Element, ListReader, ListResult, Traffic } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { apiSettings } from './sandbox-account.ts';

export const neverAborted: AbortSignal = new AbortController().signal;

/** A clock that stands still, and jumps to the end of each sleep. */
export function jumpingClock(start = Date.UTC(2026, 5, 1)): Clock & { slept: number[] } {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export function clientOf(
  url: string,
  { clock = jumpingClock(), ...api }: Partial<ApiSettings> & { clock?: Clock } = {},
) {
  const client = new DinteroClient({ api: apiSettings(url, api), salt: 'test', clock });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

/** The paths of a sandbox's requests, shortened to account and endpoint. */
export const requestPaths = (sandbox: Sandbox) =>
  sandbox.requests.map(({ path }) => path.replace('/v1/accounts/', '').replace('/management/settings/cdd', ''));

export type Listing = {
  end: ListResult | null;
  error: SyncError | null;
  /** A thrown value that is no SyncError. */
  thrown: unknown;
  /** The elements of each answer. */
  answers: Element[][];
  traffic: Traffic;
};

type ListingOptions = { etag?: string; signal?: AbortSignal; reader?: Partial<ListReader>; traffic?: Traffic };

/** Reads a list, and returns everything that the reader got. */
export async function readListing(
  client: Pick<DinteroClient, 'readList'>,
  of: Account,
  options: ListingOptions = {},
): Promise<Listing> {
  const traffic = options.traffic ?? { requests: 0, retries: 0, bytesRead: 0 };
  const result: Listing = { end: null, error: null, thrown: null, answers: [], traffic };
  const reader: ListReader = {
    async begin() {
      result.answers.push([]);
      await options.reader?.begin?.();
    },
    isKnown: options.reader?.isKnown ?? (() => false),
    skip: options.reader?.skip ?? (() => false),
    async takeElement(element) {
      result.answers.at(-1)?.push(copyElement(element));
      await options.reader?.takeElement?.(element);
    },
  };
  try {
    const { etag = null, signal = neverAborted } = options;
    result.end = await client.readList(of, { etag, signal, traffic, reader });
  } catch (error) {
    if (error instanceof SyncError) result.error = error;
    else result.thrown = error;
  }
  return result;
}

/** An element that outlives the next one. */
export function copyElement({ fingerprint, bytes, ...rest }: Element): Element {
  return { ...rest, fingerprint: Buffer.from(fingerprint), bytes: bytes === null ? null : Buffer.from(bytes) };
}

/** Starts a server that grants any token, if `token` does not answer; `list` answers the other requests. */
export async function serve(list: RequestListener, token: RequestListener = answerToken) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (request.url?.endsWith('/auth/token')) return token(request, response);
    list(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    server,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerToken(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: 'token-of-the-test-server', token_type: 'Bearer', expires_in: 14_400 }));
}
