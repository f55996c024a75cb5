// What scripts add to the pages: charts are drawn, and the content follows the database while somebody looks.
// Everything can be read and done without this file.

const REFRESH_MS = 15_000;
/** A worker that restarts is back within this time, and a browser need not ask more often. */
const RETRY_MS = 60_000;

const script = document.querySelector('script[data-charts]');
const charts = new Map();
/** The server's text of each block, to see which ones changed: the document has drawings in them. */
const known = new Map();

remember(document);
void drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void redrawAll());
addEventListener('resize', () => {
  for (const chart of charts.values()) chart.resize();
});
if (script?.hasAttribute('data-live')) setTimeout(refresh, REFRESH_MS);

/* Refresh */

async function refresh() {
  const isDone = document.hidden || isBusy() ? true : await replaceChanged().catch(() => false);
  setTimeout(refresh, isDone ? REFRESH_MS : RETRY_MS);
}

/** Whether a reader would lose something: a choice in a form, or a selected text. */
function isBusy() {
  const { activeElement } = document;
  const isInForm = activeElement?.matches('main input, main select, main textarea') === true;
  return isInForm || getSelection()?.isCollapsed === false;
}

/** Replaces the blocks whose text is another one now. Returns false if the server did not answer with the page. */
async function replaceChanged() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'error' });
  if (!response.ok) return false;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const before = blocksOf(document);
  const after = blocksOf(fresh);
  if (isBusy()) return true;
  if ([...before.keys()].join() !== [...after.keys()].join()) {
    const main = fresh.querySelector('main');
    if (main !== null) keepingPlace(() => document.querySelector('main')?.replaceWith(main));
    remember(fresh, true);
  } else {
    for (const [id, block] of after) {
      const text = block.outerHTML;
      if (known.get(id) === text) continue;
      known.set(id, text);
      keepingPlace(() => before.get(id)?.replaceWith(block));
    }
  }
  await drawAll();
  return true;
}

function blocksOf(root) {
  const blocks = root.querySelectorAll('main > [id], main > .columns > [id], #as-of');
  return new Map([...blocks].map((block) => [block.id, block]));
}

function remember(root, isAdopted = false) {
  known.clear();
  const source = isAdopted ? document : root;
  for (const [id, block] of blocksOf(source)) known.set(id, block.outerHTML);
}

/** Open details, the focus and the place on the screen stay. */
function keepingPlace(replace) {
  const details = new Map([...document.querySelectorAll('details[id]')].map(({ id, open }) => [id, open]));
  const focused = selectorOf(document.activeElement);
  const { scrollX, scrollY } = window;
  replace();
  for (const [id, open] of details) {
    const found = document.getElementById(id);
    if (found !== null) found.open = open;
  }
  if (focused !== null) document.querySelector(focused)?.focus({ preventScroll: true });
  scrollTo(scrollX, scrollY);
}

/** Finds an element again after it was replaced. */
function selectorOf(element) {
  if (element === null || element === document.body) return null;
  if (element.id !== '') return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute('href');
  if (href !== null) return `main a[href="${CSS.escape(href)}"]`;
  const details = element.closest('details[id]');
  return element.matches('summary') && details !== null ? `#${CSS.escape(details.id)} > summary` : null;
}

/* Charts */

async function drawAll() {
  for (const [element, chart] of charts) {
    if (element.isConnected) continue;
    chart.dispose();
    charts.delete(element);
  }
  const waiting = [...document.querySelectorAll('[data-chart]')].filter((element) => !charts.has(element));
  if (waiting.length === 0 || !script?.dataset.charts) return;
  const echarts = await import(script.dataset.charts);
  for (const element of waiting) draw(echarts, element);
}

async function redrawAll() {
  for (const chart of charts.values()) chart.dispose();
  charts.clear();
  await drawAll();
}

function draw(echarts, element) {
  const drawing = JSON.parse(element.dataset.chart);
  const table = element.parentElement?.querySelector('details');
  element.hidden = false;
  // SVG stays sharp on paper, and its text can be found.
  const chart = echarts.init(element, null, { renderer: 'svg' });
  chart.setOption(optionOf(drawing));
  chart.on('click', ({ seriesIndex, dataIndex }) => {
    const address = drawing.series[seriesIndex]?.links?.[dataIndex];
    if (address?.startsWith('/')) location.assign(address);
  });
  charts.set(element, chart);
  // The first time only: a reader may have opened it since.
  if (table !== null && table !== undefined && table.dataset.seen === undefined) table.open = openedBefore(table.id);
  if (table) table.dataset.seen = '';
}

const opened = new Set();
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || target.dataset.seen === undefined) return;
    if (target.open) opened.add(target.id);
    else opened.delete(target.id);
  },
  true,
);

function openedBefore(id) {
  return opened.has(id);
}

function optionOf({ title, kind, isStacked, labels, series, unit }) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = { color: colour('--ink'), fontFamily: 'system-ui, sans-serif' };
  const line = { lineStyle: { color: colour('--rule') } };
  return {
    animation: false,
    aria: { enabled: true, label: { description: `${title}. The table below has the same figures.` } },
    color: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`--series-${number}`)),
    textStyle: text,
    grid: { left: 8, right: 8, top: series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: { show: series.length > 1, type: 'scroll', top: 0, left: 0, textStyle: text, pageTextStyle: text },
    // Not as HTML: its style attributes are refused by the policy of the pages.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colour('--raised'),
      borderColor: colour('--rule'),
      textStyle: text,
      valueFormatter: (value) => (value === null || value === undefined ? '–' : `${value} ${unit}`),
    },
    xAxis: {
      type: 'category',
      data: labels,
      boundaryGap: kind === 'bar',
      axisLabel: { color: colour('--quiet'), hideOverlap: true },
      axisLine: line,
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      name: unit,
      nameTextStyle: { color: colour('--quiet'), align: 'right' },
      minInterval: unit === 'cases' ? 1 : 0,
      axisLabel: { color: colour('--quiet') },
      splitLine: line,
    },
    series: series.map(({ name, values, links }) => ({
      name,
      type: kind === 'bar' ? 'bar' : 'line',
      ...(isStacked ? { stack: 'all' } : {}),
      ...(kind === 'area' ? { areaStyle: { opacity: 0.6 } } : {}),
      symbol: values.length > 40 ? 'none' : 'circle',
      cursor: links === undefined ? 'default' : 'pointer',
      barMaxWidth: 40,
      data: values,
    })),
  };
}
