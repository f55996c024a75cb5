import { expect, test } from 'vitest';
import { type Look, watch } from '../../../src/cli/status/watch.ts';
import { watchOnTerminal } from '../../../src/cli/status/watch-on-terminal.ts';
import { SyncError } from '../../../src/model/sync-error.ts';
import { Screen } from '../../support/screen.ts';
import { freshAccount, shownStatus } from '../../support/shown-status.ts';
import { PLAIN } from '../../support/text-table.ts';

const status = shownStatus([freshAccount]);
const away = new SyncError('DATABASE', 'Postgres at db.test: the connection was refused.', { retryable: true });

/** Watches until as many looks were shown, with an answer or an error of the database for each. */
async function looksAt(answers: (typeof status | Error)[]): Promise<Look[]> {
  const looks: Look[] = [];
  const stop = new AbortController();
  await watch({
    read: async () => {
      const answer = answers[looks.length];
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
    show: (look) => {
      looks.push(look);
      if (looks.length === answers.length) stop.abort();
    },
    seconds: 0.001,
    signal: stop.signal,
  });
  return looks;
}

test('an outage is told with the last known status, and ends when the database answers again', async () => {
  const looks = await looksAt([status, away, away, status]);
  expect(looks.map(({ outage }) => outage === null)).toEqual([true, false, false, true]);
  expect(looks[1]?.outage).toMatch(/^The database has not answered since .* CET; it is tried again every .*refused\.$/);
  expect(looks[1]?.outage).toBe(looks[2]?.outage);
  expect(looks.every((look) => look.status === status)).toBe(true);
});

test('a mistake of the program is no outage', async () => {
  await expect(looksAt([status, new TypeError('undefined is not a function')])).rejects.toThrow(TypeError);
});

test('Ctrl-C ends it at once, also while a vanished server keeps it waiting', async () => {
  const stop = new AbortController();
  const read = () => new Promise<never>(() => {});
  const watched = watch({ read, show: () => {}, seconds: 60, signal: stop.signal });
  stop.abort();
  await expect(watched).resolves.toBeUndefined();
});

test('each look takes the place of the one before, and fits a low terminal', () => {
  const screen = new Screen({ columns: 80, rows: 10 });
  using view = watchOnTerminal({ terminal: screen, style: () => PLAIN, seconds: 5, all: false });
  view.show({ outage: null, status });
  view.show({ outage: 'The database has not answered since 14:05.', status });
  const text = screen.text();
  expect(text).toMatch(
    /^The database has not answered since 14:05\.\nAs it was at 3 Nov 2026, 14:05:00 CET, every 5 s; Ctrl-C ends\n\n1 account is fresh\./,
  );
  expect(text.split('\n').length).toBeLessThan(10);
  expect(text).toMatch(/\n… \d lines more: make the terminal higher$/);
  screen.resize(80, 40);
  expect(screen.text()).toContain('Workers ');
});
