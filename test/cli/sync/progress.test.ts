import { expect, test } from 'vitest';
import { type AccountProgress, progressLines } from '../../../src/cli/sync/progress-lines.ts';
import { ProgressView } from '../../../src/cli/sync/progress-view.ts';
import { widthOf } from '../../../src/cli/terminal/wrap.ts';
import { neverAborted } from '../../support/list-server.ts';
import { noProgress } from '../../support/progress.ts';
import { Screen } from '../../support/screen.ts';
import { PLAIN } from '../../support/text-table.ts';

const id = (number: number) => `P${String(10_000_000 + number)}`;
const seen = (cases: number) => ({ ...noProgress, casesUnchanged: cases });
const running = (number: number, cases: number, known?: number): AccountProgress => ({
  id: id(number),
  known,
  phase: 'running',
  progress: seen(cases),
  seconds: 10,
});
const lines = (accounts: AccountProgress[], { rows = 24, width = 80 } = {}) =>
  progressLines(accounts, { rows, style: { ...PLAIN, width } });

test('a run has a bar, its rate and the remaining time by the cases of the run before', () => {
  expect(lines([running(1, 30_000, 60_000)])).toEqual([
    'P10000001  ███████░░░░░░░   50 %  30,000 of 60,000 cases,  3,000/s  10 s left',
  ]);
  expect(lines([running(1, 59_999, 60_000)])[0]).toContain(' 99 % ');
  expect(lines([running(1, 60_000, 60_000)])[0]).toMatch(/100 % +60,000 of 60,000 cases, +6,000\/s$/);
});

test('without a run before, or with a longer list, nobody knows how much is left', () => {
  expect(lines([running(1, 500)])).toEqual(['P10000001  500 cases, 50/s']);
  expect(lines([running(1, 70_000, 60_000)])).toEqual(['P10000001  70,000 cases, 7,000/s']);
  expect(lines([running(1, 0, 60_000)])).toEqual(['P10000001  waits for the list …']);
});

test('a thousand accounts fit the height: those that are being read, and how many are done', () => {
  const accounts: AccountProgress[] = Array.from({ length: 1_000 }, (_, index) =>
    index < 4
      ? running(index, 10, 100)
      : index < 500
        ? { id: id(index), known: 1, phase: 'ended', state: index < 6 ? 'failed' : 'succeeded', progress: seen(1) }
        : { id: id(index), known: 1, phase: 'queued' },
  );
  const shown = lines(accounts);
  expect(shown).toHaveLength(5);
  expect(shown.at(-1)).toBe('496 of 1,000 accounts done, 2 failed, 4 being read');
  expect(lines(accounts, { rows: 4 })).toHaveLength(3);
});

test.each([30, 40, 80, 120])('no line is wider than a terminal of %i columns', (width) => {
  const accounts = [running(1, 1_234_567, 9_999_999), running(2, 3), { ...running(3, 5), phase: 'locked' as const }];
  const wide = lines(accounts, { width: Math.max(width, 80) }).filter((line) => widthOf(line) >= Math.max(width, 80));
  expect(wide).toEqual([]);
  const screen = new Screen({ columns: width });
  using view = new ProgressView(screen, { style: () => PLAIN, signal: neverAborted });
  view.begin([id(1)], new Map([[id(1), 9_999_999]]));
  view.started(id(1), () => seen(1_234_567));
  view.above(() => screen.write('a line of the log\n'));
  expect(
    screen
      .text()
      .split('\n')
      .filter((line) => widthOf(line) >= width),
  ).toEqual([]);
  expect(screen.text()).toMatch(/^a line of the log\nP10000001 /);
});

test('the block is gone before the results are printed, whatever the run ended with', () => {
  const screen = new Screen();
  const view = new ProgressView(screen, { style: () => PLAIN, signal: neverAborted });
  view.begin([id(1), id(2)], new Map());
  view.started(id(1), () => seen(5));
  view.ended(id(1), 'failed');
  view.locked(id(2));
  view.above(() => screen.write('P10000001: Dintero cannot be reached\n'));
  expect(screen.text()).toBe(
    [
      'P10000001: Dintero cannot be reached',
      'P10000001  failed, 5 cases read',
      'P10000002  waits until another run of it has ended',
      '1 of 2 accounts done, 1 failed, 0 being read',
    ].join('\n'),
  );
  view.end();
  screen.write('account\n');
  expect(screen.text()).toBe('P10000001: Dintero cannot be reached\naccount');
});

test('after Ctrl-C the last line says what becomes of the runs', () => {
  const screen = new Screen();
  const stop = new AbortController();
  using view = new ProgressView(screen, { style: () => PLAIN, signal: stop.signal });
  view.begin([id(1)], new Map());
  stop.abort();
  view.above(() => {});
  expect(screen.text()).toBe(
    'P10000001  waits for its turn\nstopping; what was saved stays, and the next run completes it',
  );
});
