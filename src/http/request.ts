import type { Traffic } from '../model/list.ts';

/** A request as error messages describe it. */
export type RequestInfo = {
  /** The id of the account or partner it is for. Starts every message about the request. */
  label: string;
  method: 'GET' | 'POST';
  /** Below the base URL, without the query. */
  path: string;
  /** Advice for the error message, by response status; only where it depends on the request. */
  advice: Readonly<Record<number, string>>;
};

export type ApiRequest = RequestInfo & {
  query?: URLSearchParams;
  headers: Record<string, string>;
  /** Sent as JSON. */
  data?: unknown;
  /** Parts of the headers that no error message may contain. */
  secrets: string[];
};

/** How long the requests of one operation may still wait because of `Retry-After`: see rate-limit-hold.ts. */
export type Waits = {
  leftMs: number;
  /** Whether to try although a stored hold is not over. */
  ignoreStored: boolean;
};

/** Aborts and counts the requests of one operation. */
export type RequestContext = { signal: AbortSignal; traffic: Traffic; waits?: Waits };
