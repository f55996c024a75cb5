import { type Html, html } from './html/html.ts';
import type { OpenFrame } from './html/layout.ts';
import { timeAndAge } from './html/time.ts';

/** A page as it was shown. */
export type ShownPage = { title: string; body: Html; frame: OpenFrame; isLive: boolean };

/** Pages that are kept, the last asked ones. Each has some 50 KB. */
const MAX_PAGES = 20;
/** Afterwards, a page may show what its viewer was allowed to see long ago. */
const MAX_AGE_MS = 3_600_000;

/** The pages as they were last shown, for the time in which the database does not answer. */
export class LastKnown {
  readonly #pages = new Map<string, { page: ShownPage; at: Date }>();
  #awaySince: Date | null = null;

  /** Notes a page that was read whole. */
  keep(key: string, page: ShownPage, now = new Date()): void {
    this.#awaySince = null;
    this.#pages.delete(key);
    this.#pages.set(key, { page, at: now });
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(oldest);
    }
  }

  /** The page as it was, under a sentence that says so; null if it was not shown within the last hour. */
  find(key: string, now = new Date()): ShownPage | null {
    this.#awaySince ??= now;
    const found = this.#pages.get(key);
    if (found === undefined || now.getTime() - found.at.getTime() > MAX_AGE_MS) return null;
    const { page, at } = found;
    const clock = { now, timezone: page.frame.shown?.clock.timezone ?? 'UTC' };
    const notice = html`<p class="notice act" id="outage" role="alert"><span class="act-word">The database does not answer</span> since ${timeAndAge(this.#awaySince, clock)}. The page below is of ${timeAndAge(at, clock)}. cdd-sync tries again by itself.</p>
`;
    return { ...page, body: html`${notice}${page.body}` };
  }
}
