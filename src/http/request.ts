import type { Traffic } from '../model/list.ts';

/** A request as error messages describe it. */
export type RequestInfo = {
  /** Starts every message about the request: the id of the account it is for. */
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

/** Aborts and counts the requests of one operation. */
export type RequestContext = { signal: AbortSignal; traffic: Traffic };
