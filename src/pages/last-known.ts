import { type Html, html } from './html/html.ts';
import type { OpenFrame } from './html/layout.ts';
import { timeOnly } from './html/time.ts';
import type { Viewer } from './viewer.ts';

/** A page as its viewer last saw it. */
export type ShownPage = { title: string; body: Html; frame: OpenFrame; isLive: boolean };

/** Characters of all pages that are kept; a usual page has 50,000, one with a thousand accounts ten times as many. */
const MAX_SIZE = 8_000_000;
/** The rights of a viewer may have changed since a page was shown, so it is not kept for longer. */
const MAX_AGE_MS = 3_600_000;
/** An open page asks every 15 s. A page of this age is shown again, so that many open pages cost as much as one or two. */
const RECENT_MS = 10_000;

/** The part of a viewer's rights that can change what a page shows. */
type Rights = { seesNames: boolean | null; accounts: readonly { id: string }[] };

type Kept = { viewer: string; page: ShownPage; at: Date };

/**
 * Keeps the last version of each page, to be shown while the database is away. A viewer never gets the page of another
 * one, even with the same role: the page has the viewer's name in it.
 */
export class LastKnown {
  /** In order of use: the first one was shown longest ago, and is the first to go. */
  readonly #pages = new Map<string, Kept>();
  /** The rights that each viewer had last. */
  readonly #rights = new Map<string, string>();
  readonly #maxSize: number;
  #size = 0;
  #awaySince: Date | null = null;

  constructor(maxSize = MAX_SIZE) {
    this.#maxSize = maxSize;
  }

  /** Notes a page that was read whole. */
  keep(viewer: Viewer, url: URL, page: ShownPage, now = new Date()): void {
    const key = keyOf(viewer, url);
    this.#remove(key);
    this.#pages.set(key, { viewer: viewerKey(viewer), page, at: now });
    this.#size += sizeOf(page);
    for (const oldest of this.#pages.keys()) {
      if (this.#size <= this.#maxSize) break;
      this.#remove(oldest);
    }
  }

  /** Notes that the database answers, and the viewer's rights: if they were changed, the viewer's kept pages go. */
  noteAnswer(viewer: Viewer, { seesNames, accounts }: Rights): void {
    this.#awaySince = null;
    const rights = `${seesNames} ${accounts.map(({ id }) => id).join()}`;
    if (this.#rights.get(viewerKey(viewer)) !== rights) this.forget(viewer);
    this.#rights.set(viewerKey(viewer), rights);
  }

  /** Notes that the database does not answer. Returns the time of the first page that failed. */
  noteOutage(now = new Date()): Date {
    this.#awaySince ??= now;
    return this.#awaySince;
  }

  /** Forgets the pages of a viewer whose rights were taken away. */
  forget(viewer: Viewer): void {
    for (const [key, kept] of this.#pages) if (kept.viewer === viewerKey(viewer)) this.#remove(key);
  }

  /**
   * The page as it was, under a sentence that says so and since when the database is away; null if it was not shown
   * within the last hour.
   */
  find(viewer: Viewer, url: URL, since: Date, now = new Date()): ShownPage | null {
    const found = this.#pages.get(keyOf(viewer, url));
    if (found === undefined || now.getTime() - found.at.getTime() > MAX_AGE_MS) return null;
    const { page, at } = found;
    const clock = { now, timezone: page.frame.shown?.clock.timezone ?? 'UTC' };
    const notice = html`<p class="notice act" id="outage" role="alert">The database cannot be reached since ${timeOnly(since, clock)}. This is the state of ${timeOnly(at, clock)}. cdd-sync tries again by itself; its log says why.</p>
`;
    return { ...page, body: html`${notice}${page.body}` };
  }

  /** The page if it was read some seconds ago; else null. */
  recent(viewer: Viewer, url: URL, now = new Date()): ShownPage | null {
    const found = this.#pages.get(keyOf(viewer, url));
    return found === undefined || now.getTime() - found.at.getTime() > RECENT_MS ? null : found.page;
  }

  #remove(key: string): void {
    const kept = this.#pages.get(key);
    if (kept === undefined) return;
    this.#pages.delete(key);
    this.#size -= sizeOf(kept.page);
  }
}

function keyOf(viewer: Viewer, { pathname, search }: URL): string {
  return `${viewerKey(viewer)} ${pathname}${search}`;
}

function viewerKey({ name, role }: Viewer): string {
  return JSON.stringify([name, role]);
}

/** An account of the head takes some 100 bytes, and every page has all of them: 5,000 take more than the page itself. */
function sizeOf({ body, frame }: ShownPage): number {
  return body.text.length + 100 * (frame.shown?.accounts.length ?? 0);
}
