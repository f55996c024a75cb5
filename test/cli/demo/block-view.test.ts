import { describe, expect, it, vi } from 'vitest';
import { BlockView } from '../../../src/cli/demo/block-view.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../../support/hostile-text.ts';
import { Screen } from '../../support/screen.ts';

const places = {
  pages: 'http://127.0.0.1:8080',
  note: '',
  sandbox: 'http://127.0.0.1:40000/v1',
  databaseUrl: `postgresql://postgres:${'x'.repeat(32)}@127.0.0.1:20000/cdd`,
};
const run = {
  account_id: 'P12345678',
  started_at: new Date('2026-01-05T06:00:00.000Z'),
  cases_seen: 200,
  cases_created: 1,
  cases_updated: 1,
  items_rejected: 0,
  transitions_recorded: 1,
};
const transitionOf = (name: string) => ({
  name,
  from_status: 'UNDER_MANUAL_REVIEW',
  to_status: 'ACTIVE',
  occurred_at: run.started_at,
});
const totalsOf = (cases: number) => ({ accounts: 4, cases, open: 20 });
const restatementOf = (name: string) => ({
  accountId: 'P12345678',
  caseId: 'd6930fcd-d99b-4739-808c-970a56ff159c',
  name,
  words: 'a review of 2026-11-21 became known only now',
});

/** A view that listens, on a screen; time stands still until `pass`. */
function viewOn(screen: Screen) {
  vi.useFakeTimers();
  const view = new BlockView(screen);
  view.starting();
  view.listening(places);
  return { view, pass: (seconds: number) => vi.advanceTimersByTime(seconds * 1_000) };
}

/** A view with as much to show as a demo has. */
function fullViewOn(screen: Screen) {
  const { view, pass } = viewOn(screen);
  view.ran(run, ['Nordlys Bakeri AS', 'Langstrand Kaffebrenneri ANS', 'A', 'B', 'C'].map(transitionOf), totalsOf(201));
  for (const name of ['Furulund Opplevelser ANS', 'D', 'E']) view.restated(restatementOf(name));
  pass(1);
  return { view, pass };
}

const countOf = (text: string, part: string) => text.split(part).length - 1;

describe('the block of a demo', () => {
  it('begins with the address, and is on the screen once however often it changes', () => {
    const screen = new Screen();
    const { view, pass } = viewOn(screen);
    for (let cases = 200; cases < 230; cases += 1) {
      view.ran(run, [transitionOf(`Seller ${cases}`)], totalsOf(cases));
      pass(1);
    }
    const [started, address] = screen.text().split('\n');
    expect(started).toMatch(/^Starting/);
    expect(address).toBe('Pages     http://127.0.0.1:8080/');
    expect(countOf(screen.text(), 'Pages')).toBe(1);
    expect(screen.text()).toContain('229 in 4 accounts');
    expect(screen.text()).not.toContain('Seller 224');
    expect(screen.text()).toContain('Seller 225');
  });

  it('is written at most once a second', () => {
    const screen = new Screen();
    const { view, pass } = viewOn(screen);
    const before = screen.writes;
    for (let each = 0; each < 40; each += 1) {
      view.ran(run, [transitionOf(`Seller ${each}`)], totalsOf(each));
      pass(0.1);
    }
    expect(screen.writes - before).toBeLessThanOrEqual(4);
  });

  it.each([
    [80, 24],
    [60, 24],
    [30, 10],
    [200, 50],
    [12, 4],
  ])('fits a terminal of %i columns and %i rows, with the address', (columns, rows) => {
    const screen = new Screen({ columns, rows });
    const { view, pass } = fullViewOn(screen);
    view.ran(run, [transitionOf('F')], totalsOf(202));
    pass(1);
    expect(countOf(screen.text(), 'Pages')).toBe(1);
    expect(screen.text()).toContain(places.pages);
  });

  it('shows everything with 80 columns and 24 rows, addresses whole', () => {
    const screen = new Screen();
    fullViewOn(screen);
    expect(screen.text()).toContain('Langstrand Kaffebrenneri ANS');
    expect(screen.text()).toContain('  http://127.0.0.1:8080/cases/P12345678/d6930fcd-d99b-4739-808c-970a56ff159c');
    expect(screen.text()).toContain('  Furulund Opplevelser ANS: a review of 2026-11-21 became known only now');
    expect(screen.text()).toContain(`psql '${places.databaseUrl}'`);
    expect(screen.text()).toContain('Ctrl-C; the database is kept');
  });

  it('is on the screen once after the terminal became narrower and wider', () => {
    const screen = new Screen({ columns: 100, rows: 50 });
    fullViewOn(screen);
    for (const columns of [80, 50, 81, 160]) {
      screen.resize(columns, 50);
      expect(countOf(screen.text(), 'Pages')).toBe(1);
      expect(countOf(screen.text(), 'Stop ')).toBe(1);
    }
  });

  it('leaves lines of the log above itself, whole and in order', () => {
    const screen = new Screen();
    const { view, pass } = fullViewOn(screen);
    for (let line = 1; line <= 5; line += 1) {
      view.above(() => screen.write(`WARN: ${line}\n`));
      pass(1);
    }
    const lines = screen.text().split('\n');
    expect(lines.slice(0, 7)).toEqual([
      expect.stringMatching(/^Starting/),
      ...[1, 2, 3, 4, 5].map((line) => `WARN: ${line}`),
      'Pages     http://127.0.0.1:8080/',
    ]);
  });

  it('stays when the demo stops, and nothing is written over what comes then', () => {
    const screen = new Screen();
    const { view, pass } = fullViewOn(screen);
    view.stopping();
    expect(screen.text()).toContain('stopping …');
    view.ran(run, [transitionOf('G')], totalsOf(203));
    view.stopped();
    screen.write('$ \n');
    pass(5);
    screen.resize(60, 24);
    expect(screen.text()).toMatch(/\nStopped\.\n\$ *$/);
    expect(countOf(screen.text(), 'Pages')).toBe(1);
  });

  it.each(Object.entries(HOSTILE_TEXTS))('shows %s escaped', (_name, text) => {
    const screen = new Screen({ columns: 300, rows: 50 });
    const { view, pass } = viewOn(screen);
    view.ran(run, [transitionOf(text)], totalsOf(1));
    view.restated(restatementOf(text));
    pass(1);
    expect(
      screen
        .text()
        .split('\n')
        .filter((line) => !isSafeToShow(line)),
    ).toEqual([]);
  });
});
