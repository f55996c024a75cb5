import { describe, expect, it } from 'vitest';
import { type DatabaseError, databaseError } from '../../src/store/postgres/errors.ts';
import { DatabaseWatch } from '../../src/worker/database-watch.ts';
import { recordingLog } from '../support/log-lines.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const errorOf = (code: string | null, message = 'x') =>
  databaseError(Object.assign(new Error(message), { code }), 'Postgres at db:5432') as DatabaseError;

/** A watch with a clock that stands still, and a server that answers new connections with an error, or not at all. */
function createWatch(explain: (code: string | null) => string | null = () => null) {
  const { log, texts, lines } = recordingLog();
  let time = 0;
  let answer: DatabaseError | null = null;
  const probe = async () => {
    if (answer !== null) throw answer;
  };
  const watch = new DatabaseWatch({ probe, explain, log, now: () => time });
  return {
    watch,
    texts,
    lines,
    serverAnswers: (error: DatabaseError | null) => {
      answer = error;
    },
    /** A failure, and the time that the watch needs to try a connection. */
    async fail(error: unknown) {
      watch.failed(error);
      await new Promise(setImmediate);
    },
    /** Time passes, with a failing statement twice a second, or without. */
    async pass(ms: number, failure: DatabaseError | null = null) {
      for (const end = time + ms; time < end; ) {
        time += SECOND;
        if (failure !== null) for (const _ of [1, 2]) watch.failed(failure);
        await watch.tick();
      }
    },
  };
}

describe('an outage of Postgres', () => {
  it('is a line when it begins, a line every five minutes, and a line when it is over', async () => {
    const { watch, texts, fail, pass, serverAnswers } = createWatch();
    const refused = errorOf('ECONNREFUSED');
    serverAnswers(refused);
    await fail(refused);
    await pass(11 * MINUTE, refused);
    expect(watch.reason).toContain('ECONNREFUSED');
    expect(watch.since).toEqual(new Date(0));
    serverAnswers(null);
    await pass(10 * SECOND);
    expect(texts()).toEqual([
      expect.stringMatching(
        /^error Postgres cannot be used, and runs wait until it can: .*nothing answers there.*\(ECONNREFUSED\)\./,
      ),
      expect.stringMatching(/^warn Postgres still cannot be used, after 5 min: .*ECONNREFUSED/),
      expect.stringMatching(/^warn Postgres still cannot be used, after 10 min: .*ECONNREFUSED/),
      'info Postgres can be used again, after 11 min',
    ]);
    expect([watch.reason, watch.since]).toEqual([null, null]);
  });

  it('is one line for a restart, whatever the server answers on its way down and up', async () => {
    const { texts, fail, pass, serverAnswers } = createWatch();
    serverAnswers(errorOf('57P03', 'the database system is shutting down'));
    for (const code of ['57P01', '57P01', 'ECONNRESET', null]) await fail(errorOf(code, 'Connection terminated'));
    serverAnswers(errorOf('ECONNREFUSED'));
    await pass(10 * SECOND, errorOf('ECONNREFUSED'));
    serverAnswers(errorOf('57P03', 'the database system is starting up'));
    await pass(10 * SECOND, errorOf('57P03'));
    serverAnswers(null);
    await pass(5 * SECOND);
    expect(texts()).toEqual([
      expect.stringMatching(/^error Postgres cannot be used, and runs wait until it can: .*shutting down/),
      expect.stringMatching(/^info Postgres can be used again, after 2\d s$/),
    ]);
  });

  it.each([
    ['28P01', /refused the user or password/],
    ['3D000', /no such database/],
    ['25006', /read-only/],
    ['57P03', /does not take one now/],
    ['53300', /no connection left; raise max_connections/],
    ['53100', /disk is full/],
    ['58P01', /system that it runs on failed/],
    ['ENOTFOUND', /host is not to be found/],
  ])('with %s is one line with the advice for it', async (code, advice) => {
    const { texts, fail, pass, serverAnswers } = createWatch();
    serverAnswers(errorOf(code));
    await fail(errorOf(code));
    await pass(MINUTE, errorOf(code));
    expect(texts()).toEqual([expect.stringMatching(/^error Postgres cannot be used, and runs wait until it can: /)]);
    expect(texts()[0]).toMatch(advice);
  });

  it('is noticed within half a minute by a worker that has no statement to fail', async () => {
    const { texts, pass, serverAnswers } = createWatch();
    await pass(10 * MINUTE);
    serverAnswers(errorOf(null, 'timeout expired'));
    await pass(31 * SECOND);
    expect(texts()).toEqual([
      expect.stringMatching(/^error Postgres cannot be used, and runs wait until it can: .*timeout expired/),
    ]);
  });

  it('that refuses connections is one line, also when sessions end or time out meanwhile', async () => {
    const { texts, fail, pass, serverAnswers } = createWatch();
    serverAnswers(errorOf('28P01'));
    await fail(errorOf('57P01'));
    await pass(MINUTE, errorOf(null, 'timeout exceeded when trying to connect'));
    expect(texts()).toEqual([
      expect.stringMatching(/^error Postgres cannot be used, and runs wait until it can: .*28P01/),
    ]);
  });

  it('that changes its cause says so once', async () => {
    const { texts, fail, pass, serverAnswers } = createWatch();
    serverAnswers(errorOf('ECONNREFUSED'));
    await fail(errorOf('ECONNREFUSED'));
    serverAnswers(errorOf('28P01'));
    await pass(MINUTE, errorOf('ECONNREFUSED'));
    expect(texts()).toHaveLength(2);
    expect(texts()[1]).toMatch(/^error .*28P01/);
  });

  it('for want of a resource is over when no statement failed for a minute, not with the next connection', async () => {
    const { texts, fail, pass } = createWatch();
    await fail(errorOf('53100'));
    await pass(10 * MINUTE + 30 * SECOND, null);
    for (let round = 0; round < 5; round += 1) {
      await fail(errorOf('53100'));
      await pass(30 * SECOND);
    }
    expect(texts().map((text) => text.slice(0, 30))).toEqual([
      'error Postgres cannot be used,',
      'info Postgres can be used agai',
      'error Postgres cannot be used,',
    ]);
  });

  it('is none if only a session was ended: one line, however many sessions', async () => {
    const { watch, texts, fail, pass } = createWatch();
    for (let round = 0; round < 20; round += 1) {
      await fail(errorOf('57P01', 'terminating connection due to administrator command'));
      await pass(10 * SECOND);
    }
    expect(texts()).toEqual([expect.stringMatching(/^warn a connection was lost, and new ones work: .*57P01/)]);
    expect(watch.reason).toBeNull();
  });

  it('is told in other words where the server is our own', async () => {
    const { texts, fail, pass, serverAnswers } = createWatch(() => 'the folder is gone: /x. Start it again.');
    serverAnswers(errorOf('ECONNREFUSED'));
    await fail(errorOf('ECONNREFUSED'));
    await pass(MINUTE, errorOf('ECONNREFUSED'));
    expect(texts()[0]).toBe(
      'error Postgres cannot be used, and runs wait until it can: the folder is gone: /x. Start it again.',
    );
    expect(texts().join()).not.toContain('DATABASE_URL');
  });
});

describe('an error of one statement', () => {
  it.each(['23505', '42703', '42501', '40001', '55P03', '57014', '22021'])('(%s) is no outage', async (code) => {
    const { watch, texts, fail } = createWatch();
    await fail(errorOf(code));
    await fail(new TypeError('a mistake of ours'));
    expect([texts(), watch.reason]).toEqual([[], null]);
  });
});

describe('an outage of the embedded Postgres', () => {
  it('whose folder is gone is one line, whichever errors its server gives', async () => {
    const { watch, texts, fail, pass, serverAnswers } = createWatch(() => 'the folder is gone');
    for (const code of ['58P01', '57P03', 'ECONNREFUSED', 'XX000']) {
      serverAnswers(errorOf(code));
      await fail(errorOf(code));
      await pass(10 * SECOND, errorOf(code));
    }
    expect(watch.reason).toBe('the folder is gone');
    expect(texts()).toEqual([expect.stringMatching(/^error .*: the folder is gone$/)]);
  });

  it('that shuts down and has ended then says both', async () => {
    const { texts, fail, pass, serverAnswers } = createWatch((code) =>
      code === 'ECONNREFUSED' ? 'it has ended' : null,
    );
    for (const code of ['57P01', '57P03', 'ECONNREFUSED', '57P03', 'ECONNREFUSED']) {
      serverAnswers(errorOf(code));
      await fail(errorOf(code));
      await pass(10 * SECOND, errorOf(code));
    }
    expect(texts()).toEqual([expect.stringContaining('57P01'), expect.stringMatching(/^error .*: it has ended$/)]);
  });
});
