import { Agent, ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { SyncError } from '../model/sync-error.ts';
import { cancelledError, isTransientStatus, proxyError, requestError, statusError } from './errors.ts';
import { mayRefuseEtag, usableEtag } from './etag.ts';
import type { RateLimitHold } from './rate-limit-hold.ts';
import type { ApiRequest, RequestContext } from './request.ts';
import { readText, receiveBody, type StreamedResponse } from './response-body.ts';
import type { RetryHeaders } from './retry-after.ts';

export type HttpClientOptions = {
  baseUrl: string;
  timeoutSeconds: number;
  /** Sent with every request. */
  headers: Record<string, string>;
  hold: RateLimitHold;
  idleConnectionMs?: number;
};

/**
 * An idle connection is closed after this. If its host was lost meanwhile, the connection shows no error, and the next
 * request on it would wait until its timeout.
 */
const IDLE_CONNECTION_MS = 10_000;

/** Later than Axios' own timeout, which has the better message. */
const LATE_MS = 500;

type ReceivedResponse = StreamedResponse & { retry: RetryHeaders };

/** Sends requests to one JSON API, without retries. */
export class HttpClient {
  readonly #axios: AxiosInstance;
  readonly #agents: { httpAgent: Agent; httpsAgent: SecureAgent };
  readonly #timeoutSeconds: number;
  readonly #isSecure: boolean;
  readonly #hold: RateLimitHold;

  constructor(options: HttpClientOptions) {
    const { baseUrl, timeoutSeconds, headers, hold, idleConnectionMs = IDLE_CONNECTION_MS } = options;
    const agentOptions = { keepAlive: true, timeout: idleConnectionMs };
    this.#agents = { httpAgent: new Agent(agentOptions), httpsAgent: new SecureAgent(agentOptions) };
    this.#timeoutSeconds = timeoutSeconds;
    this.#isSecure = baseUrl.startsWith('https:');
    this.#hold = hold;
    this.#axios = axios.create({
      ...this.#agents,
      baseURL: baseUrl,
      // For connecting and until the last response header; the body has its own timer.
      timeout: Math.ceil(timeoutSeconds * 1000),
      // A redirect would send the token to another host.
      maxRedirects: 0,
      responseType: 'stream',
      decompress: false,
      validateStatus: () => true,
      headers: { Accept: 'application/json', 'Accept-Encoding': 'gzip', ...headers },
    });
  }

  /** Returns a response with status 200. Throws a SyncError otherwise. */
  async send(request: ApiRequest, context: RequestContext): Promise<StreamedResponse> {
    const received = await this.#receive(request, context);
    if (received.status !== 200) throw await this.#failure(received, request, context);
    return received;
  }

  /** Sends `If-None-Match`. Returns a response with status 200 or 304, or null if the API refuses the etag. */
  async sendWithEtag(request: ApiRequest, etag: string, context: RequestContext): Promise<StreamedResponse | null> {
    const headers = { ...request.headers, 'If-None-Match': etag };
    const received = await this.#receive({ ...request, headers }, context);
    if (received.status === 200 || received.status === 304) return received;
    const error = await this.#failure(received, request, context);
    if (mayRefuseEtag(received.status)) return null;
    throw error;
  }

  /** Closes all connections. */
  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #receive(request: ApiRequest, context: RequestContext): Promise<ReceivedResponse> {
    const { signal, traffic } = context;
    await this.#hold.wait(request.label, context);
    traffic.requests += 1;
    const response = await this.#request(request, signal);
    if (!(response.data instanceof Readable)) throw new TypeError('axios returned no stream despite responseType');
    const raw = response.data;
    // If a body breaks the rules of HTTP, Node gives the error to the request only; the body itself just ends early.
    const sent: unknown = response.request;
    if (sent instanceof ClientRequest) sent.once('error', (error) => raw.destroy(error));
    // Through a proxy, only the API itself answers encrypted: the proxy's 403 must not count as that of the API.
    if (this.#isSecure && sent instanceof ClientRequest && !(sent.socket instanceof TLSSocket)) {
      raw.destroy();
      throw proxyError(request, response.status);
    }
    const encoding = headerOf(response, 'content-encoding').toLowerCase();
    const body = receiveBody(raw, encoding, { request, signal, timeoutSeconds: this.#timeoutSeconds });
    const retry = { retryAfter: headerOf(response, 'retry-after'), date: headerOf(response, 'date') };
    return {
      status: response.status,
      etag: usableEtag(headerOf(response, 'etag')),
      clockAheadMs: clockAhead(response),
      retry,
      ...body,
    };
  }

  /** The error for an unwanted status, after its `Retry-After` was noted. */
  async #failure(received: ReceivedResponse, request: ApiRequest, context: RequestContext): Promise<SyncError> {
    const { status, retry } = received;
    const body = await readText(received).catch((error: unknown) => error);
    if (context.signal.aborted) return cancelledError(context.signal);
    // A body that arrives too slowly is not read again in five tries.
    if (body instanceof SyncError && body.code === 'TIMEOUT' && !body.retryable) return body;
    const tooLong = isTransientStatus(status) ? await this.#hold.extend(request.label, retry, context.waits) : null;
    return (
      tooLong ?? statusError(request, { status, body: typeof body === 'string' ? body : '', secrets: request.secrets })
    );
  }

  async #request(request: ApiRequest, signal: AbortSignal): Promise<AxiosResponse<unknown>> {
    const { method, path, headers, query = new URLSearchParams(), data } = request;
    // Axios' own timeout ends with the connection, which Node closes after an answer with status 101: without this
    // one, such a request would never end.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutSeconds * 1000 + LATE_MS);
    try {
      const either = AbortSignal.any([signal, late.signal]);
      return await this.#axios.request({ method, url: path, headers, params: query, data, signal: either });
    } catch (error) {
      const cause = late.signal.aborted ? Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }) : error;
      throw requestError(request, cause, signal);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A cache keeps the date of the answer that it repeats, and adds its age. */
function clockAhead(response: AxiosResponse<unknown>): number | null {
  const date = Date.parse(headerOf(response, 'date'));
  const age = Number(headerOf(response, 'age') || 0);
  // The header leaves out the fraction of the second.
  return Number.isNaN(date) || age !== 0 ? null : date + 500 - Date.now();
}

/** The header's value; empty when it is missing. */
function headerOf(response: AxiosResponse<unknown>, name: string): string {
  const value: unknown = response.headers[name];
  return typeof value === 'string' ? value : '';
}
