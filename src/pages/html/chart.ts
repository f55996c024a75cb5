import { type Content, type Html, html } from './html.ts';

type Series = {
  name: string;
  /** One for each label; null leaves a gap. */
  values: readonly (number | null)[];
  /** Addresses behind the values, one for each label. */
  links?: readonly (string | null)[];
};

/** A chart and its table. */
export type ChartOptions = {
  /** Unique on its page. */
  id: string;
  /** The chart's content in a few words, for screen readers too. */
  title: string;
  kind: 'line' | 'area' | 'bar';
  /** Areas and bars on top of each other. */
  isStacked?: boolean;
  labels: readonly string[];
  series: readonly Series[];
  /** Of the values: `cases`, `h`. */
  unit: string;
  /** The same figures as a table, with its link to CSV. */
  table: Html;
  /** Shown in place of a chart without values. */
  empty: Content;
};

/**
 * A chart with its table. The table is open until static/live.js has drawn the chart, so the figures can be read without
 * scripts too.
 */
export function chart({ id, title, table, empty, ...drawing }: ChartOptions): Html {
  if (drawing.series.every(({ values }) => values.every((value) => value === null))) {
    return html`<p class="empty">${empty}</p>`;
  }
  return html`<figure class="chart" id="${id}">
<figcaption class="unseen">${title}</figcaption>
<div class="drawing" hidden>
${legend(drawing)}
<div class="canvas" data-chart="${JSON.stringify({ title, ...drawing })}"></div>
</div>
<details id="${id}-table" open><summary>Show as table</summary>
${table}
</details>
</figure>
`;
}

/** The series colours of static/style.css. A ninth series has the first colour again. */
const COLOURS = 8;

/** As HTML: the library would cut long names, or draw them over the chart. */
function legend({ series, unit }: Pick<ChartOptions, 'series' | 'unit'>): Html {
  const entries = series.map(
    ({ name }, index) =>
      html`<li><svg class="series-${(index % COLOURS) + 1}" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1"/></svg>${name}</li>`,
  );
  return html`<ul class="legend"><li>in ${unit}</li>${series.length > 1 && entries}</ul>`;
}
