import { describe, expect, it } from 'vitest';
import { count, difference, duration, percent } from '../../../src/model/number-text.ts';
import { age, dayText, fullTime, monthText } from '../../../src/model/time-text.ts';
import { bar, sparkline } from '../../../src/pages/html/bar.ts';
import { chart } from '../../../src/pages/html/chart.ts';
import { accountText, filtersOf, periodText } from '../../../src/pages/html/filters.ts';
import { html } from '../../../src/pages/html/html.ts';
import { address, changed, pathOf } from '../../../src/pages/html/link.ts';
import { pager, pagingOf } from '../../../src/pages/html/pager.ts';
import { type Column, csvLines, table } from '../../../src/pages/html/table.ts';
import { dueTime, timeAndAge } from '../../../src/pages/html/time.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };

describe('a time', () => {
  const shown = (at: string) => timeAndAge(new Date(at), clock).text.replace(/<[^>]*>/g, '');

  it('is local and relative, and names its day if it is another one in the zone', () => {
    expect(shown('2026-11-03T12:53:00Z')).toBe('13:53 (12 min ago)');
    expect(shown('2026-11-02T22:30:00Z')).toBe('2 Nov 23:30 (15 h ago)');
    expect(shown('2026-11-02T23:30:00Z')).toBe('00:30 (14 h ago)');
    expect(shown('2025-11-03T12:00:00Z')).toBe('3 Nov 2025 (12 months ago)');
  });

  it('has the instant for programs, and the full time with its zone on hover', () => {
    expect(timeAndAge(new Date('2026-11-03T12:53:09Z'), clock).text).toContain(
      '<time datetime="2026-11-03T12:53:09.000Z" title="3 Nov 2026, 13:53:09 CET">',
    );
    expect(fullTime(new Date('2026-07-03T12:53:09Z'), clock)).toBe('3 Jul 2026, 14:53:09 CEST');
  });

  it('is a dash if there is none', () => {
    expect(timeAndAge(null, clock).text).toBe('–');
  });

  it('can lie ahead', () => {
    expect(age(new Date('2026-11-03T13:08:00Z'), clock)).toBe('in 3 min');
    expect(age(new Date('2026-11-03T13:05:10Z'), clock)).toBe('just now');
  });

  it('at which something is due is told from one that has passed', () => {
    const due = (at: string) => dueTime(new Date(at), clock).text.replace(/<[^>]*>/g, '');
    expect(due('2026-11-03T13:08:00Z')).toBe('in 3 min');
    expect(due('2026-11-03T13:05:10Z')).toBe('now');
    expect(due('2026-11-03T11:05:00Z')).toBe('since 12:05');
    expect(dueTime(null, clock).text).toBe('–');
  });

  it('of a day or month is that of the text, whatever the zone', () => {
    expect([dayText('2026-11-03'), monthText('2026-11-01')]).toEqual(['3 Nov 2026', 'November 2026']);
  });
});

describe('a number', () => {
  it('is grouped, and a dash if there is none', () => {
    expect([count(1204), count(0), count(null)]).toEqual(['1,204', '0', '–']);
    expect([percent(3, 4), percent(0, 0), percent(null, 4)]).toEqual(['75.0 %', '–', '–']);
    expect([difference(14), difference(-3), difference(0)]).toEqual(['+14', '−3', '–']);
  });

  it('of hours has the unit that a person would choose', () => {
    expect([0.4, 10.44, 47.9, 48, 229.9, 2400].map(duration)).toEqual([
      '24 min',
      '10.4 h',
      '47.9 h',
      '2.0 d',
      '9.6 d',
      '100 d',
    ]);
  });
});

describe('an address', () => {
  it('leaves out empty parameters and encodes the others', () => {
    expect(address('/cases', { account: null, status: '', q: 'a&b=ü' })).toBe('/cases?q=a%26b%3D%C3%BC');
  });

  it('keeps the other parameters when one changes', () => {
    const url = new URL('http://x/cases?open=yes&page=2');
    expect([changed(url, { page: 3 }), changed(url, { page: null })]).toEqual([
      '/cases?open=yes&page=3',
      '/cases?open=yes',
    ]);
  });

  it('never names another host', () => {
    expect(pathOf(new URL('http://x//evil.example/y'))).toBe('/evil.example/y');
  });
});

describe('a pager', () => {
  const asked = (page: string, rows: number) => pagingOf(new URL(`http://x/runs?page=${page}`), rows, 10);

  it('stays within the list, whatever the address says', () => {
    expect(['', 'x', '-1', '1.5', '1'].map((page) => asked(page, 25).page)).toEqual([1, 1, 1, 1, 1]);
    expect(asked('2', 25)).toEqual({ page: 2, pages: 3, first: 10 });
    expect([asked('99', 25).page, asked('2', 0).page]).toEqual([3, 1]);
  });

  it('leads to the pages before and after, and is left out for a single page', () => {
    const url = new URL('http://x/runs?state=failed&page=2');
    const { text } = pager(url, pagingOf(url, 25, 10), '#runs');
    expect(text).toContain('<a href="/runs?state=failed#runs">Previous</a> <span>Page 2 of 3</span>');
    expect(text).toContain('<a href="/runs?state=failed&amp;page=3#runs">Next</a>');
    expect(pager(url, pagingOf(url, 10, 10)).text).toBe('');
  });
});

describe('a table', () => {
  type Row = { name: string; cases: number };
  const columns: Column<Row>[] = [
    { heading: 'Name', name: 'name', csv: ({ name }) => name },
    { heading: 'Cases', name: 'cases', csv: ({ cases }) => cases, cell: ({ cases }) => count(cases), isNumber: true },
  ];
  const rows = [{ name: '<i>', cases: 1204 }];

  it('says what it shows, and names the row and the columns of each cell', () => {
    const { text } = table({ caption: 'All names', columns, rows, empty: 'none', csv: '/x?format=csv' });
    expect(text).toContain('<caption>All names</caption>');
    expect(text).toContain('<th scope="col" role="columnheader" class="number">Cases</th>');
    expect(text).toContain('<th scope="row" role="rowheader" data-label="Name">&lt;i&gt;</th>');
    expect(text).toContain('<td role="cell" class="number" data-label="Cases">1,204</td>');
    expect(text).toContain('<a href="/x?format=csv" download>CSV</a>');
  });

  it('says what will appear if there are no rows', () => {
    expect(table({ caption: 'All names', columns, rows: [], empty: 'No name yet.' }).text).toBe(
      '<p class="empty">No name yet.</p>',
    );
  });

  it('has the same columns as CSV, with raw values', () => {
    expect([...csvLines(columns, rows)].join('')).toBe('name,cases\r\n<i>,1204\r\n');
  });
});

describe('a chart', () => {
  const drawing = { id: 'backlog', title: 'Backlog', kind: 'line', labels: ['1 Nov'], unit: 'cases' } as const;

  it('has its table open, and its values as data that no browser runs', () => {
    const series = [{ name: '</div><script>', values: [1] }];
    const { text } = chart({ ...drawing, series, table: html`<table></table>`, empty: 'none' });
    expect(text).toContain('<details id="backlog-table" open>');
    expect(text).not.toContain('<script>');
  });

  it('says so if there are no values', () => {
    const series = [{ name: 'open', values: [null] }];
    expect(chart({ ...drawing, series, table: html``, empty: 'No day yet.' }).text).toContain('No day yet.');
  });
});

describe('a small drawing', () => {
  it('stays in its box', () => {
    expect(bar(200, 100).text).toContain('width="100"');
    expect(bar(1, 0).text).toContain('width="0"');
    expect(sparkline([null, 0, 4]).text).toContain('height="16"');
  });
});

describe('the filters of an address', () => {
  it('are all accounts and 90 days, unless it names others', () => {
    expect(filtersOf(new URL('http://x/'))).toEqual({ accountId: null, days: 90 });
    expect(filtersOf(new URL('http://x/?account=P1&days=30'))).toEqual({ accountId: 'P1', days: 30 });
    expect(filtersOf(new URL('http://x/?account=&days=31'))).toEqual({ accountId: null, days: 90 });
  });

  it('are shown in words', () => {
    expect([periodText(30), periodText(365), periodText(1095)]).toEqual(['30 days', '1 year', '3 years']);
    expect([accountText({ id: 'P1', label: null }), accountText({ id: 'P1', label: 'Acme' })]).toEqual([
      'P1',
      'P1 Acme',
    ]);
  });
});
