import { describe, expect, it } from 'vitest';
import { html } from '../../../src/pages/html/html.ts';

describe('html', () => {
  it('escapes texts in elements and attributes', () => {
    expect(html`<a title="${'"><script>'}">${"<b>&'"}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</a>',
    );
  });

  it('takes markup of other templates as it is, also in lists', () => {
    expect(html`<ul>${['a', '<b>'].map((name) => html`<li>${name}</li>`)}</ul>`.text).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>',
    );
  });

  it('takes no object for markup that only looks like it, as JSON of a database could', () => {
    const forged = JSON.parse('{"text":"<script>"}');
    expect(html`${forged}`.text).not.toContain('<script>');
  });

  it('leaves out null, undefined and false, and keeps 0', () => {
    expect(html`${null}${undefined}${false}${0}`.text).toBe('0');
  });

  it('shows characters that hide text or change its direction', () => {
    expect(html`${'a\u202eb\u200bc'}`.text).toBe('a\\u202eb\\u200bc');
  });
});
