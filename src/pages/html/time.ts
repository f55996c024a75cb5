import { age, type Clock, dayAndTimeText, fullTime, shortTime } from '../../model/time-text.ts';
import { type Html, html } from './html.ts';

/** `14:05 (12 min ago)`; of another day `3 Nov 14:05 (2 days ago)`, of another year `3 Nov 2025`. */
export function timeAndAge(at: Date | null, clock: Clock): Html {
  if (at === null) return html`–`;
  return timeElement(at, clock, html`${shortTime(at, clock)} <span class="age">(${age(at, clock)})</span>`);
}

/** `14:05`, `3 Nov 14:05` or `3 Nov 2025`, without the age. */
export function timeOnly(at: Date | null, clock: Clock): Html {
  return at === null ? html`–` : timeElement(at, clock, html`${shortTime(at, clock)}`);
}

/** `3 Nov 2026 09:12`, also of today: for times that are compared with each other. */
export function dayAndTime(at: Date | null, clock: Clock): Html {
  return at === null ? html`–` : timeElement(at, clock, html`${dayAndTimeText(at, clock)}`);
}

/** When something is due: `in 12 min`, `now`, or `since 14:05` if it did not happen then. */
export function dueTime(at: Date | null, clock: Clock): Html {
  if (at === null) return html`–`;
  const words = age(at, clock);
  if (words === 'just now') return timeElement(at, clock, html`now`);
  return timeElement(at, clock, html`${at > clock.now ? words : `since ${shortTime(at, clock)}`}`);
}

function timeElement(at: Date, clock: Clock, words: Html): Html {
  return html`<time datetime="${at.toISOString()}" title="${fullTime(at, clock)}">${words}</time>`;
}
