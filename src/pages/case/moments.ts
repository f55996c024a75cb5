import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { dayAndTime } from '../html/time.ts';
import type { ShownCase } from './shown.ts';
import type { MomentRow, VersionRow } from './timeline-queries.ts';

/** Kinds of rows of the timeline that say what was done here with what is known of the case. */
const DONE_HERE = ['held', 'released', 'erased'];

/** When something was learned of the case, the earliest first: each begins a version of it. */
export function momentsOf(versions: readonly VersionRow[], facts: readonly MomentRow[]): MomentRow[] {
  const rows = versions.filter(({ kind }) => !DONE_HERE.includes(kind));
  const learned = [...rows.map(({ moment, recorded_at }) => ({ moment, at: recorded_at })), ...facts];
  const moments = new Map(learned.map((moment) => [moment.moment, moment]));
  return [...moments.values()].sort((a, b) => (a.moment < b.moment ? -1 : 1));
}

/** Links to the moments before and after the chosen one at which something was learned of the case. */
export function momentsNav(moments: readonly MomentRow[], { url, known, clock }: ShownCase): Html {
  const { instant } = known;
  const place = placeOf(moments, known);
  const previous = moments[place - 1];
  const next = moments[place + 1];
  const to = (moment: string | null) => changed(url, { known_at: moment, page: null });
  return html`<nav class="pager" aria-label="Moments of knowledge">
<span>${momentText(moments, { known, clock })}</span>
${previous !== undefined && link(to(previous.moment), html`‹ ${dayAndTime(previous.at, clock)}`)}
${next !== undefined && link(to(next.moment), html`${dayAndTime(next.at, clock)} ›`)}
${instant !== null && link(to(null), 'now')}
</nav>
<p class="source">Each time in the column "Learned" leads to the case as it was known then.</p>`;
}

/** `As known now: version 3 of 3`. */
export function momentText(moments: readonly MomentRow[], { known, clock }: Pick<ShownCase, 'known' | 'clock'>): Html {
  const place = placeOf(moments, known);
  const asKnown = known.instant === null ? 'As known now' : html`As known on ${dayAndTime(known.at, clock)}`;
  return html`${asKnown}: ${place < 0 ? 'nothing yet' : `version ${place + 1} of ${moments.length}`}`;
}

function placeOf(moments: readonly MomentRow[], { instant }: ShownCase['known']): number {
  return instant === null ? moments.length - 1 : moments.findLastIndex(({ moment }) => moment <= instant);
}
