import { expect, it } from 'vitest';
import { databaseError } from '../../src/store/postgres/errors.ts';
import { QueueWatch } from '../../src/worker/queue-watch.ts';
import { recordingLog } from '../support/log-lines.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const errorOf = (code: string, message: string) =>
  databaseError(Object.assign(new Error(message), { code }), 'Postgres at db:5432');

function createWatch() {
  const { log, texts } = recordingLog();
  let time = 0;
  const watch = new QueueWatch({ log, now: () => time });
  const pass = (ms: number) => {
    for (const end = time + ms; time < end; watch.tick()) time += SECOND;
  };
  return { watch, texts, pass };
}

it('a queue that keeps failing is told once with advice, every five minutes, and when it works again', () => {
  const { watch, texts, pass } = createWatch();
  const missing = errorOf('42P01', 'relation "pgboss.job" does not exist');
  for (let round = 0; round < 500; round += 1) {
    watch.failed(missing);
    pass(SECOND);
  }
  expect(watch.reason).toContain('42P01');
  pass(2 * MINUTE);
  expect(texts()).toEqual([
    expect.stringMatching(/^warn the queue had an error, and goes on: .*42P01/),
    expect.stringMatching(/^error the queue in schema pgboss fails, and no run starts; .*, restart the worker.*42P01/),
    expect.stringMatching(/^warn the queue still fails, after 5 min: .*42P01/),
    'info the queue works again, after 8 min',
  ]);
  expect(watch.reason).toBeNull();
});

it('single errors of the queue are a warning, at most every five minutes', () => {
  const { watch, texts, pass } = createWatch();
  for (let round = 0; round < 4; round += 1) {
    watch.failed(errorOf('40P01', 'deadlock detected'));
    pass(MINUTE);
  }
  expect(texts()).toEqual([expect.stringMatching(/^warn the queue had an error, and goes on: .*40P01/)]);
  expect(watch.reason).toBeNull();
});
