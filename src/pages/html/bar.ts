import { type Html, html } from './html.ts';

// Small drawings between words and numbers. They are SVG, because the policy of the pages allows no style attribute, and
// hidden from screen readers, because the number stands beside them.

const WIDTH = 100;
const HEIGHT = 16;

/** A bar; `max` fills its whole width. */
export function bar(value: number, max: number): Html {
  const width = max <= 0 ? 0 : Math.min(WIDTH, Math.max(0, (value / max) * WIDTH));
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${round(width)}" height="10"/></svg>`;
}

/** A column for each value; null and 0 leave a gap. */
export function sparkline(values: readonly (number | null)[]): Html {
  const max = Math.max(0, ...values.map((value) => value ?? 0));
  const step = WIDTH / Math.max(values.length, 1);
  const columns = values.map((value, index) => {
    const height = max === 0 ? 0 : ((value ?? 0) / max) * HEIGHT;
    return html`<rect x="${round(index * step)}" y="${round(HEIGHT - height)}" width="${round(step * 0.8)}" height="${round(height)}"/>`;
  });
  return html`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${columns}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
