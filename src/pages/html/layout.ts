import type { Clock } from '../../model/time-text.ts';
import type { StaticAddresses } from '../static/files.ts';
import { type AccountName, type Filters, filterForm, filterParameters } from './filters.ts';
import { type Content, type Html, html } from './html.ts';
import { address } from './link.ts';
import { timeOnly } from './time.ts';

/** Everything of a page around `main`. */
export type Frame = {
  title: string;
  /** The requested address. */
  url: URL;
  files: StaticAddresses;
  /** Null before the database has answered: the page has no filters then. */
  shown: { clock: Clock; filters: Filters; accounts: readonly AccountName[] } | null;
  /** The name of a signed-in viewer; null = none are configured, so nobody can sign out. */
  viewer: string | null;
  /** Whether the head offers a period. */
  hasPeriod?: boolean;
  /** Whether the browser loads the page again every 15 s. */
  isLive?: boolean;
};

/** A frame before the page's title is known. */
export type OpenFrame = Omit<Frame, 'title' | 'isLive'>;

const PAGES: readonly [words: string, path: `/${string}`][] = [
  ['Overview', '/'],
  ['Cases', '/cases'],
  ['Months', '/months'],
  ['Accounts', '/accounts'],
];

/** The beginning of a page, up to the start tag of `main`. It can be sent before the rest is read. */
export function pageStart(frame: Frame): Html {
  const { title, files, isLive } = frame;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · cdd-sync</title>
<link rel="icon" href="${files.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${files.style}">
<script type="module" src="${files.live}" data-charts="${files.charts}"${isLive === true && html` data-live`}></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${pageHead(frame)}
<main id="main" tabindex="-1">
`;
}

/** The end of a page, from the end tag of `main`. */
export function pageEnd(): Html {
  return html`</main>
<footer><p>cdd-sync only reads here: nothing on these pages changes a case. <a href="/views">What the numbers mean</a></p></footer>
</body>
</html>
`;
}

/** A whole page at once. */
export function page(frame: Frame, body: Content): Html {
  return html`${pageStart(frame)}${body}${pageEnd()}`;
}

function pageHead({ url, shown, viewer, hasPeriod = true }: Frame): Html {
  return html`<header>
<p class="name"><a href="/">cdd-sync</a></p>
<nav aria-label="Pages"><ul>${PAGES.map(([words, path]) => html`<li><a href="${pageAddress(path, shown?.filters)}"${isCurrent(path, url) && html` aria-current="page"`}>${words}</a></li>`)}</ul></nav>
${shown !== null && filterForm({ url, ...shown, hasPeriod })}
${shown !== null && html`<p class="as-of" id="as-of">as of ${timeOnly(shown.clock.now, shown.clock)} ${zoneText(shown.clock)}</p>`}
${viewer !== null && html`<form class="viewer" method="post" action="/sign-out"><span>${viewer}</span> <button>Sign out</button></form>`}
</header>
`;
}

/** The filters stay from page to page. */
function pageAddress(path: `/${string}`, filters: Filters | undefined): string {
  return address(path, filters === undefined ? {} : filterParameters(filters));
}

function isCurrent(path: string, { pathname }: URL): boolean {
  return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
}

/** `Oslo` for Europe/Oslo. */
function zoneText({ timezone }: Clock): string {
  return timezone.split('/').at(-1)?.replaceAll('_', ' ') ?? timezone;
}
