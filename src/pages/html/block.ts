import { type Content, type Html, html } from './html.ts';
import { address, link } from './link.ts';

/** The parts of a block. */
export type BlockOptions = {
  /** Unique on its page: an address can end in #ID, and a refresh replaces blocks by id. */
  id: string;
  heading: Content;
  /** The views of schema reporting with the numbers. */
  views: readonly string[];
  body: Content;
};

/** A part of a page under a heading, with links to the views of its numbers. */
export function block({ id, heading, views, body }: BlockOptions): Html {
  const sources = views.map((view, index) => html`${index > 0 && ', '}${link(viewAddress(view), view)}`);
  return html`<section class="block" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
${views.length > 0 && html`<p class="source">From ${sources}</p>`}
</section>
`;
}

/** The page with the meaning of a view and its columns. */
export function viewAddress(view: string): string {
  return address(`/views/${encodeURIComponent(view)}`);
}
