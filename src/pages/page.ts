import type { Clock } from '../model/time-text.ts';
import type { AccountName, Filters } from './html/filters.ts';
import type { Html } from './html/html.ts';
import type { Reading } from './viewer.ts';

/** The input of a page. Its transaction has the viewer's role; a page has no other way to the database. */
export type PageRequest = Reading & {
  /** The requested address; its host is a placeholder. */
  url: URL;
  /** The parts of the path, such as `account` of `/accounts/:account`. */
  params: Readonly<Record<string, string>>;
  filters: Filters;
  clock: Clock;
  /** The accounts that the viewer sees. */
  accounts: readonly AccountName[];
};

/** The output of a page. */
export type PageAnswer =
  /** A generator is sent piece by piece, with status 200: errors of a later piece cannot change the status. */
  | { kind: 'page'; title: string; body: Html | AsyncIterable<Html>; isLive?: boolean }
  | { kind: 'csv'; name: string; lines: Iterable<string> | AsyncIterable<string> }
  | { kind: 'redirect'; to: string }
  /** There is no such account, case or month, or the viewer may not see it. */
  | { kind: 'missing'; words: string }
  /** The address has a value that cannot be read, and the answer for another value would mislead. */
  | { kind: 'wrong'; words: string };

/** The same for an account that does not exist: the address must not tell which ones there are. */
export const NO_ACCOUNT = {
  kind: 'missing',
  words: 'There is no such account, or you may not see it.',
} satisfies PageAnswer;

/** A page and its route. */
export type Page = {
  /** As fastify writes it: `/cases/:account/:id`. */
  path: `/${string}`;
  /** False = the head offers no period, because nothing on the page depends on it. */
  hasPeriod?: false;
  answer: (request: PageRequest) => Promise<PageAnswer>;
};

/** The block that is requested as CSV, empty if the page has one table; null if the page is requested. */
export function csvBlock({ searchParams }: URL): string | null {
  return searchParams.get('format') === 'csv' ? (searchParams.get('block') ?? '') : null;
}
