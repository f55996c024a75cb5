import type { IncomingMessage } from 'node:http';

/** A logged request. Headers and bodies are left out because they contain secrets. */
export type RequestEntry = {
  method: string;
  path: string;
  /** Without the question mark; empty when there is none. */
  query: string;
  /** 0 until a response starts; it stays 0 if the connection is closed instead. */
  status: number;
};

const maxEntries = 10_000;

/** The newest requests, oldest first. A request is logged on arrival, before its response. */
export class RequestLog {
  readonly entries: RequestEntry[] = [];
  readonly #byRequest = new WeakMap<IncomingMessage, RequestEntry>();

  add(request: IncomingMessage): void {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const entry = { method: request.method ?? '', path, query, status: 0 };
    this.#byRequest.set(request, entry);
    this.entries.push(entry);
    if (this.entries.length > maxEntries) this.entries.shift();
  }

  setStatus(request: IncomingMessage, status: number): void {
    const entry = this.#byRequest.get(request);
    if (entry) entry.status = status;
  }
}
