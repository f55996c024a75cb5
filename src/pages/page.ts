import type { AccountName, Filters } from './html/filters.ts';
import type { Html } from './html/html.ts';
import type { Clock } from './html/time.ts';
import type { Reading } from './viewer.ts';

/** What a page is given. It reads as the viewer's role; there is no other way to the database. */
export type PageRequest = Reading & {
  /** The address that was asked for; its host means nothing. */
  url: URL;
  /** The parts of the path, such as `account` of `/accounts/:account`. */
  params: Readonly<Record<string, string>>;
  filters: Filters;
  clock: Clock;
  /** The accounts that the viewer sees. */
  accounts: readonly AccountName[];
};

export type PageAnswer =
  /** A body that is a generator is sent piece by piece; only an answer without a first piece can have another status. */
  | { kind: 'page'; title: string; body: Html | AsyncIterable<Html>; isLive?: boolean }
  | { kind: 'csv'; name: string; lines: Iterable<string> | AsyncIterable<string> }
  | { kind: 'redirect'; to: string }
  /** There is no such account, case or month, or the viewer may not see it. */
  | { kind: 'missing'; words: string }
  /** The address has a value that cannot be used, and an answer without it would be wrong. */
  | { kind: 'wrong'; words: string };

/** A page and its route. */
export type Page = {
  /** As fastify writes it: `/cases/:account/:id`. */
  path: `/${string}`;
  /** False: what the page shows does not depend on the period, so its head offers none. */
  hasPeriod?: false;
  answer: (request: PageRequest) => Promise<PageAnswer>;
};

/** The block whose rows an address asks for as CSV; null if it asks for the page. */
export function csvBlock({ searchParams }: URL): string | null {
  return searchParams.get('format') === 'csv' ? (searchParams.get('block') ?? '') : null;
}
