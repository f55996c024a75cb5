import type { IncomingMessage } from 'node:http';

/** A request as tests look at it. Headers and bodies are left out: they hold secrets. */
export type RequestEntry = {
  method: string;
  path: string;
  /** Without the question mark; empty when there is none. */
  query: string;
  /** 0 as long as nothing is answered, and for ever when the connection was broken instead. */
  status: number;
};

const limit = 10_000;

export type RequestLog = ReturnType<typeof createRequestLog>;

/** The newest requests, oldest first; entered when they arrive, before anything is answered. */
export function createRequestLog() {
  const entries: RequestEntry[] = [];
  const byRequest = new WeakMap<IncomingMessage, RequestEntry>();
  return {
    entries,
    arrived(request: IncomingMessage): void {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const entry = { method: request.method ?? '', path, query, status: 0 };
      byRequest.set(request, entry);
      entries.push(entry);
      if (entries.length > limit) entries.shift();
    },
    answered(request: IncomingMessage, status: number): void {
      const entry = byRequest.get(request);
      if (entry) entry.status = status;
    },
  };
}
