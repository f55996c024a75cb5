import { DatabaseError } from '../store/postgres/errors.ts';
import { outageKind } from '../store/postgres/outages.ts';
import { type Html, html } from './html/html.ts';

/** An error in a reader's words: nothing of the error itself, but what to do. */
export type PageError = { status: 404 | 403 | 500 | 503; title: string; words: string };

const AWAY: PageError = {
  status: 503,
  title: 'The database does not answer',
  words:
    'cdd-sync tries again by itself, and nothing is lost meanwhile. Load this page again in a minute. If it stays like this, run "cdd-sync check" where cdd-sync runs.',
};
const SLOW: PageError = {
  status: 503,
  title: 'This page took too long',
  words: 'The database was busy. Load the page again, or choose one account or a shorter period.',
};
const FORBIDDEN: PageError = {
  status: 403,
  title: 'You may not see this',
  words:
    'The database role of your token has no right to read the reports. The operator of cdd-sync can give it: cdd-sync grant-reader.',
};
const BROKEN: PageError = {
  status: 500,
  title: 'This page is broken',
  words: 'It is not your fault. The log of cdd-sync has the reason, at the time shown by your clock.',
};

const QUERY_CANCELED = '57014';
const INSUFFICIENT_PRIVILEGE = '42501';
const UNKNOWN_ROLE = '22023';

/** Whether the database itself does not answer. */
export function isAway(error: unknown): boolean {
  return outageKind(error) !== null;
}

export function pageError(error: unknown): PageError {
  if (isAway(error)) return AWAY;
  const code = error instanceof DatabaseError ? error.sqlState : null;
  if (code === QUERY_CANCELED) return SLOW;
  return code === INSUFFICIENT_PRIVILEGE || code === UNKNOWN_ROLE ? FORBIDDEN : BROKEN;
}

export function missingPage(words: string): PageError {
  return { status: 404, title: 'Not found', words };
}

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
