import { DatabaseError } from '../store/postgres/errors.ts';
import { outageKind } from '../store/postgres/outages.ts';
import { type Html, html } from './html/html.ts';

/** An error as a reader gets it: nothing of the error itself, but the remedy. */
export type PageError = {
  kind: 'away' | 'busy' | 'slow' | 'old' | 'forbidden' | 'broken' | 'missing' | 'wrong';
  status: 400 | 404 | 403 | 500 | 503;
  title: string;
  words: string;
};

const AWAY: PageError = {
  kind: 'away',
  status: 503,
  title: 'The database cannot be reached',
  words:
    'cdd-sync tries again by itself, and nothing is lost meanwhile. Load this page again in a minute. If it stays like this, run "cdd-sync check" where cdd-sync runs.',
};
const SLOW: PageError = {
  kind: 'slow',
  status: 503,
  title: 'This page took too long',
  words:
    'The database was busy, or the page asks for very much. Choose one account or a shorter period, or load it again.',
};
/** All connections of the pages are in use. */
export const BUSY: PageError = {
  kind: 'busy',
  status: 503,
  title: 'Too many pages are being read',
  words: 'Other pages take long at the moment. Load this one again in a few seconds.',
};
/** More long files would leave no connection for pages. */
export const FILES_BUSY: PageError = {
  kind: 'busy',
  status: 503,
  title: 'Two long files are being sent',
  words: 'More at one time would keep everybody from reading pages. Ask for this one again in a minute.',
};
const OLD: PageError = {
  kind: 'old',
  status: 503,
  title: 'The database is not of this version',
  words: 'Its tables or views are missing or older than cdd-sync. The operator of cdd-sync runs: cdd-sync migrate.',
};
const FORBIDDEN: PageError = {
  kind: 'forbidden',
  status: 403,
  title: 'You may not see this',
  words:
    'The database role of your token has no right to read the reports. The operator of cdd-sync can give it: cdd-sync grant-reader.',
};
const BROKEN: PageError = {
  kind: 'broken',
  status: 500,
  title: 'This page is broken',
  words: 'It is not your fault. The operator of cdd-sync finds the reason in its log.',
};

/** By SQLSTATE; every other error of a statement is a mistake in this code. */
const meanings: Partial<Record<string, PageError>> = {
  '57014': SLOW,
  '42501': FORBIDDEN,
  // The role of a viewer is gone: "role … does not exist".
  '22023': FORBIDDEN,
  '3F000': OLD,
  '42P01': OLD,
  '42703': OLD,
  '42883': OLD,
};

/** The page error for any error; BROKEN if it is a mistake in this code. */
export function pageError(error: unknown): PageError {
  if (outageKind(error) !== null) return AWAY;
  const code = error instanceof DatabaseError ? error.sqlState : null;
  return meanings[code ?? ''] ?? BROKEN;
}

/** Whether an error has no SQLSTATE or network code: it came from the pool, or a connection ended. */
export function isWithoutCode(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlState === null;
}

/** Whether a statement reached its time limit. */
export function isTooSlow(error: unknown): boolean {
  return pageError(error).kind === 'slow';
}

/** The error of an address without a page. */
export function missingPage(words: string): PageError {
  return { kind: 'missing', status: 404, title: 'Not found', words };
}

/** The outage, for a page without a last known state. `since` is a time in words. */
export function awayError(since: string): PageError {
  return { ...AWAY, title: `${AWAY.title} since ${since}` };
}

/** The error of an address with a value that cannot be read. */
export function wrongAddress(words: string): PageError {
  return { kind: 'wrong', status: 400, title: 'This address has a mistake', words };
}

/** The `main` of an error page. */
export function errorBody({ title, words }: PageError): Html {
  return html`<h1>${title}</h1>
<p>${words}</p>
<p><a href="/">To the overview</a></p>
`;
}

/** In place of the rest of a page that had begun. */
export function errorBlock({ title, words }: PageError): Html {
  return html`<section class="notice act" role="alert"><h2>${title}</h2><p>${words}</p></section>
`;
}
