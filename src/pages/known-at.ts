import { isDay } from '../model/day.ts';
import { type Clock, fullTime } from '../model/time-text.ts';
import { exactTime } from '../store/postgres/exact-time.ts';
import { Prisma, type Transaction } from '../store/postgres/pool.ts';
import { onlyRow } from '../store/postgres/query.ts';
import { type Html, html } from './html/html.ts';
import { changed, link, pathOf } from './html/link.ts';
import type { PageAnswer } from './page.ts';

// The control "known at" of a page: it shows the data as known now, or at an earlier time. The address has an instant in
// UTC. The form sends a local time of the configured zone, which is redirected to its instant.

/** The time of the knowledge that a page shows. */
export type KnownAt = {
  /** ISO text in UTC with the microseconds of Postgres; null = everything that is known by now. */
  instant: string | null;
  /** The same instant, or the present. */
  at: Date;
  /** Local time without a zone, for the form. */
  local: string;
  /** The other instant with this local time, in the night when the clocks are set back. */
  twin: Date | null;
  /** False while a run may still save something with an earlier recorded_at. */
  isFinal: boolean;
  /** The reason why the page shows the present and not the time in the address. */
  problem: 'unreadable' | 'future' | null;
};

const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)$/;
/** In an address, a plus sign is a space. Postgres knows no zone of sixteen hours or more. */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[-+ ](?:0\d|1[0-5]):\d\d)$/i;

/** Reads `known_at` of an address. A local time gives the address to go to instead. */
export async function readKnownAt(tx: Transaction, url: URL): Promise<KnownAt | { redirect: string }> {
  const text = url.searchParams.get('known_at')?.trim() ?? '';
  const local = parts(LOCAL, text);
  if (local !== null) {
    const known = await readInstant(tx, Prisma.sql`${local}::timestamp::timestamptz`);
    return { redirect: changed(url, { known_at: known.instant }) };
  }
  const instant = parts(INSTANT, text);
  if (instant === null) return readPresent(tx, text === '' || text === 'now' ? null : 'unreadable');
  const known = await readInstant(tx, Prisma.sql`${instant}::timestamptz`);
  return known.instant === null ? readPresent(tx, 'future') : known;
}

/** A local time of the transaction's zone, or an instant such as 2026-11-03T14:05:00Z; null if it is neither. */
export async function readTime(tx: Transaction, text: string): Promise<KnownAt | null> {
  const local = parts(LOCAL, text);
  if (local !== null) return readInstant(tx, Prisma.sql`${local}::timestamp::timestamptz`);
  const instant = parts(INSTANT, text);
  return instant === null ? null : readInstant(tx, Prisma.sql`${instant}::timestamptz`);
}

/** The knowledge at the end of a day in the transaction's zone. */
export function readEndOf(tx: Transaction, endedDay: string): Promise<KnownAt> {
  return readInstant(tx, Prisma.sql`(${endedDay}::date + 1)::timestamptz - interval '1 microsecond'`);
}

/** The knowledge at the beginning of a day in the configured zone, such as 2026-11-01. */
export function readStartOf(tx: Transaction, startedDay: string): Promise<KnownAt> {
  return readInstant(tx, Prisma.sql`${startedDay}::date::timestamptz`);
}

/** The knowledge of now, as an instant that later knowledge does not change. */
export function readNow(tx: Transaction): Promise<KnownAt> {
  return readInstant(tx, Prisma.sql`now()`);
}

/** Everything that is known by now. */
export async function readPresent(tx: Transaction, problem: KnownAt['problem'] = null): Promise<KnownAt> {
  return { ...(await readNow(tx)), instant: null, isFinal: true, problem };
}

type Row = Omit<KnownAt, 'problem'>;

async function readInstant(tx: Transaction, instant: Prisma.Sql): Promise<KnownAt> {
  const rows = await tx.$queryRaw<Row[]>`
    select
      case when at <= now() then ${exactTime('at')} end as instant,
      at,
      to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS') as local,
      at <= reporting.known_until() as "isFinal",
      (
        select at + shift
        from (values (interval '1 hour'), ('-1 hour'), ('30 minutes'), ('-30 minutes')) as clock_change (shift)
        where (at + shift)::timestamp = at::timestamp
        limit 1
      ) as twin
    from (select ${instant} as at) as asked`;
  return { ...onlyRow(rows), problem: null };
}

/** The date and time of a text as Postgres reads them; null if there is no such time. */
function parts(form: RegExp, text: string): string | null {
  const [, date = '', time = '', zone = ''] = form.exec(text) ?? [];
  if (!isDay(date)) return null;
  const written = `${date}T${time}${zone.replace(' ', '+')}`;
  return Number.isNaN(Date.parse(zone === '' ? `${written}Z` : written)) ? null : written;
}

/** The control of a page. */
export type KnownAtOptions = {
  url: URL;
  clock: Clock;
  known: KnownAt;
  /** The label of the field: `Known at`. */
  label: string;
  /** Links to certain instants. */
  moments: Html;
  /** Words for the knowledge that the page shows if the address has a wrong time. */
  fallback: string;
};

/** Whether the knowledge of a time can still grow. */
export const NOT_FINAL = 'A run that began before this time is not over.';

/** The form, links to other moments, and notices about the chosen one. */
export function knownAtControl({ url, clock, known, label, moments, fallback }: KnownAtOptions): Html {
  const kept = [...url.searchParams].filter(([name]) => !['known_at', 'page', 'format', 'block'].includes(name));
  return html`<div class="known-at" id="known-at">
<form class="filters unprinted" method="get" action="${pathOf(url)}">
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>${label} <input type="datetime-local" name="known_at" step="1" value="${known.local}"></label>
<button>Show</button>
</form>
${moments}
${problemText(known, fallback)}
${known.twin !== null && twinText(known.twin, { url, clock, known })}
${!known.isFinal && html`<p class="notice look">${NOT_FINAL} What it saves may still change this page.</p>`}
</div>
`;
}

function problemText({ problem }: KnownAt, fallback: string): Html | null {
  if (problem === null) return null;
  return html`<p class="notice look" role="status">${PROBLEMS[problem]} The page shows ${fallback}.</p>`;
}

const PROBLEMS: Record<NonNullable<KnownAt['problem']>, string> = {
  future: 'The time in the address has not come yet.',
  unreadable: 'The time in the address cannot be read; a time is written as 2026-11-03T14:05:00Z.',
};

/** The answer of a CSV, which has no place for a notice that it shows another time. */
export function wrongKnownAt(problem: NonNullable<KnownAt['problem']>): PageAnswer {
  return { kind: 'wrong', words: PROBLEMS[problem] };
}

function twinText(twin: Date, { url, clock, known }: Pick<KnownAtOptions, 'url' | 'clock' | 'known'>): Html | null {
  if (known.instant === null) return null;
  const order = twin < known.at ? 'the second' : 'the first';
  return html`<p class="notice">The clocks were set back that night, so this time came twice. This is ${order}, ${fullTime(known.at, clock)}. The other is ${link(changed(url, { known_at: twin.toISOString() }), fullTime(twin, clock))}.</p>`;
}
