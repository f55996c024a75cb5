import { type Content, type Html, html } from '../html/html.ts';

/** One thing that needs a person. */
export type Need = {
  /** act: a person must do something; look: a person should know it. */
  kind: 'act' | 'look';
  /** A sentence that begins with a number or a name. */
  words: Content;
  /** The reason at length, or the next step. */
  more?: Content;
  /** To the cases, accounts or runs behind it. */
  links: readonly Html[];
};

/** The needs that a person must act on, then those to look at. */
export function actFirst(needs: readonly Need[]): Need[] {
  return [...needs.filter(({ kind }) => kind === 'act'), ...needs.filter(({ kind }) => kind === 'look')];
}

/** All lines, those to act on first. */
export function attentionBlock(needs: readonly Need[]): Html {
  const sorted = actFirst(needs);
  return html`<section id="needs" aria-label="What needs a person">
${sorted.length > 0 && html`<ul class="needs">${sorted.map(needItem)}</ul>`}
</section>
`;
}

function needItem({ kind, words, more, links }: Need): Html {
  return html`<li class="notice ${kind}"><div><p><span class="${kind}-word">${kind === 'act' ? 'Act:' : 'Look:'}</span> ${words}</p>
${more !== undefined && html`<p class="more">${more}</p>`}</div>
<p class="links">${links.map((one, index) => html`${index > 0 && ' · '}${one}`)}</p></li>
`;
}
