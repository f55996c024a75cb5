import { Agent, ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { cancelledError, isTransientStatus, requestError, statusError } from './errors.ts';
import type { RateLimitHold } from './rate-limit-hold.ts';
import type { ApiRequest, RequestContext, RequestInfo } from './request.ts';
import { readText, receiveBody, type StreamedResponse } from './response-body.ts';

export type HttpClientOptions = {
  baseUrl: string;
  timeoutSeconds: number;
  /** Sent with every request. */
  headers: Record<string, string>;
  hold: RateLimitHold;
};

/** Sends requests to one JSON API, without retries. */
export class HttpClient {
  readonly #axios: AxiosInstance;
  readonly #agents = { httpAgent: new Agent({ keepAlive: true }), httpsAgent: new SecureAgent({ keepAlive: true }) };
  readonly #timeoutSeconds: number;
  readonly #hold: RateLimitHold;

  constructor({ baseUrl, timeoutSeconds, headers, hold }: HttpClientOptions) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#hold = hold;
    this.#axios = axios.create({
      ...this.#agents,
      baseURL: baseUrl,
      // Until the response headers; the idle timer of the body takes over from there.
      timeout: Math.ceil(timeoutSeconds * 1000),
      // A redirect would send the token to another host.
      maxRedirects: 0,
      responseType: 'stream',
      decompress: false,
      validateStatus: () => true,
      headers: { Accept: 'application/json', 'Accept-Encoding': 'gzip', ...headers },
    });
  }

  /** Returns a response with status 200, or 304 if the request has `If-None-Match`. Throws a SyncError otherwise. */
  async send(request: ApiRequest, context: RequestContext): Promise<StreamedResponse> {
    const { signal, traffic } = context;
    await this.#hold.wait(request.label, context);
    traffic.requests += 1;
    const response = await this.#request(request, signal);
    const streamed = this.#streamed(response, request, signal);
    const { status } = streamed;
    if (status === 200 || (status === 304 && 'If-None-Match' in request.headers)) return streamed;
    const body = await readText(streamed).catch(() => '');
    if (signal.aborted) throw cancelledError(signal);
    const headers = { retryAfter: headerOf(response, 'retry-after'), date: headerOf(response, 'date') };
    const tooLong = await this.#hold.extend(request.label, headers, context.waits);
    if (tooLong !== null && isTransientStatus(status)) throw tooLong;
    throw statusError(request, { status, body, secrets: request.secrets });
  }

  /** Closes all connections. */
  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #request(request: ApiRequest, signal: AbortSignal): Promise<AxiosResponse<unknown>> {
    const { method, path, headers, query = new URLSearchParams(), data } = request;
    try {
      return await this.#axios.request({ method, url: path, headers, params: query, data, signal });
    } catch (error) {
      throw requestError(request, error, signal);
    }
  }

  #streamed(response: AxiosResponse<unknown>, request: RequestInfo, signal: AbortSignal): StreamedResponse {
    if (!(response.data instanceof Readable)) throw new TypeError('axios returned no stream despite responseType');
    const raw = response.data;
    // Node tells only the request when a body breaks the rules of HTTP; the body itself would look cut off.
    const sent: unknown = response.request;
    if (sent instanceof ClientRequest) sent.once('error', (error) => raw.destroy(error));
    const encoding = headerOf(response, 'content-encoding').toLowerCase();
    const body = receiveBody(raw, encoding, { request, signal, timeoutSeconds: this.#timeoutSeconds });
    return { status: response.status, etag: headerOf(response, 'etag') || null, ...body };
  }
}

/** The header's value; empty when it is missing. */
function headerOf(response: AxiosResponse<unknown>, name: string): string {
  const value: unknown = response.headers[name];
  return typeof value === 'string' ? value : '';
}
