// Draws the charts, and refreshes the page while it is visible. Everything can be read and done without this file.

const REFRESH_MS = 15_000;
/** After a failure: a worker that restarts is back within this time. */
const RETRY_MS = 60_000;
const NO_ANSWER = 'cdd-sync did not answer';

const script = document.querySelector('script[data-charts]');
/** Charts by their element. */
const charts = new Map();
/** Ids of the tables that the first drawing of their chart closed. Later, the reader opens and closes them. */
const closedOnce = new Set();
/** The markup of each block as the server sent it, to find changes: the document has drawings in it by now. */
let texts = textsOf(document);

void drawAll();
if (script?.hasAttribute('data-live')) setTimeout(refresh, REFRESH_MS);
addEventListener('resize', () => {
  for (const chart of charts.values()) chart.resize();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const chart of charts.values()) chart.dispose();
  charts.clear();
  void drawAll();
});

// Refresh

async function refresh() {
  const problem = document.hidden || isBusy() ? null : await replaceChanged().catch(() => NO_ANSWER);
  if (problem !== null) tellOld(problem);
  setTimeout(refresh, problem === null ? REFRESH_MS : RETRY_MS);
}

/** Adds a notice, so that a reader does not take old numbers for new ones. */
function tellOld(problem) {
  document.getElementById('silence')?.remove();
  const notice = document.createElement('p');
  notice.id = 'silence';
  notice.className = 'notice look';
  notice.setAttribute('role', 'status');
  const time = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  notice.textContent = `${problem}, at ${time}. This page shows an older state; it is loaded again every minute.`;
  document.querySelector('main')?.prepend(notice);
}

/** Whether a reader would lose something: a choice in a form, or a selected text. */
function isBusy() {
  const isInForm = document.activeElement?.matches('input, select, textarea') === true;
  return isInForm || getSelection()?.isCollapsed === false;
}

/** Replaces the blocks that changed. Returns null, or the problem in words if the answer is not the page. */
async function replaceChanged() {
  const response = await fetch(location.href, {
    headers: { accept: 'text/html', 'x-refresh': '1' },
    redirect: 'error',
  });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  // Without the database, the answer is the page as it was, under a notice.
  if (!response.ok && fresh.getElementById('outage') === null) return problemOf(response, fresh);
  document.getElementById('silence')?.remove();
  if (isBusy()) return null;
  const freshTexts = textsOf(fresh);
  const freshBlocks = blocksOf(fresh);
  const isSameOrder = [...freshTexts.keys()].join() === [...texts.keys()].join();
  keepingPlace(() => {
    if (!isSameOrder) document.querySelector('main')?.replaceWith(fresh.querySelector('main') ?? '');
    for (const [id, block] of blocksOf(document)) {
      const newer = freshBlocks.get(id);
      if (newer !== undefined && newer !== block && freshTexts.get(id) !== texts.get(id)) block.replaceWith(newer);
    }
  });
  texts = freshTexts;
  await drawAll();
  return null;
}

function problemOf({ status }, page) {
  if (status === 401) return 'You are signed out: load the page to sign in again';
  return page.querySelector('h1')?.textContent ?? NO_ANSWER;
}

/** The parts of a page that are replaced, by id. */
function blocksOf(root) {
  const blocks = root.querySelectorAll('#as-of, main > [id], main > .columns > [id]');
  return new Map([...blocks].map((block) => [block.id, block]));
}

function textsOf(root) {
  return new Map([...blocksOf(root)].map(([id, block]) => [id, block.outerHTML]));
}

/** Keeps open details, the focus and the scroll position. */
function keepingPlace(replace) {
  const details = [...document.querySelectorAll('details[id]')].map(({ id, open }) => ({ id, open }));
  const focused = selectorOf(document.activeElement);
  const { scrollX, scrollY } = window;
  replace();
  for (const { id, open } of details) {
    const found = document.getElementById(id);
    if (found !== null) found.open = open;
  }
  if (focused !== null) document.querySelector(focused)?.focus({ preventScroll: true });
  scrollTo(scrollX, scrollY);
}

/** A selector that finds the element again in the new content; null if it is not in `main`, or has none. */
function selectorOf(element) {
  if (element === null || element.closest('main') === null) return null;
  if (element.id !== '') return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute('href');
  if (href !== null) return `main a[href="${CSS.escape(href)}"]`;
  const details = element.closest('details[id]');
  return details === null ? null : `#${CSS.escape(details.id)} > summary`;
}

// Charts

async function drawAll() {
  for (const [element, chart] of charts) {
    if (element.isConnected) continue;
    chart.dispose();
    charts.delete(element);
  }
  const waiting = [...document.querySelectorAll('[data-chart]')].filter((element) => !charts.has(element));
  if (waiting.length === 0) return;
  const echarts = await import(script.dataset.charts);
  for (const element of waiting) if (!charts.has(element)) draw(echarts, element);
}

function draw(echarts, element) {
  const drawing = JSON.parse(element.dataset.chart);
  element.parentElement.hidden = false;
  // SVG stays sharp on paper, and its text can be found.
  const chart = echarts.init(element, null, { renderer: 'svg' });
  charts.set(element, chart);
  chart.setOption(optionOf(drawing));
  chart.on('click', ({ seriesIndex, dataIndex }) => {
    const address = drawing.series[seriesIndex]?.links?.[dataIndex];
    if (address?.startsWith('/')) location.assign(address);
  });
  const table = element.closest('figure')?.querySelector('details');
  if (!table || closedOnce.has(table.id)) return;
  closedOnce.add(table.id);
  table.open = false;
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
    grid: { left: 0, right: 8, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
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
