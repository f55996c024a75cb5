import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect } from 'vitest';
import { describeError } from '../../src/log.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { type JobCode, type JobOptions, runJob } from '../../src/worker/job.ts';
import { RunLog } from '../../src/worker/run-log.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

/** A worker's part that runs jobs of one account, and what it logs and counts. */
async function createJobs(database: Database) {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
  // Saves the account, as the start of a worker does.
  await rig.sync();
  const lines: Record<string, unknown>[] = [];
  const codes: JobCode[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const log = pino({ level: 'trace', serializers: { err: describeError } }, sink);
  const options: JobOptions = {
    accounts: { find: async (id) => (id === ACCOUNT ? sandboxAccount(ACCOUNT) : undefined) },
    parts: rig.parts,
    mayTry: async () => true,
    onRun: async () => {},
    onJobEnd: (code) => void codes.push(code),
    log,
    runLog: new RunLog({ log, apiHost: 'the sandbox', accountCount: () => 2, isDatabaseAway: () => false }),
  };
  const run = (changes: Partial<JobOptions> = {}, accountId = ACCOUNT) =>
    runJob({ accountId, trigger: 'schedule' }, new AbortController().signal, { ...options, ...changes });
  return { rig, lines, codes, run };
}

describe('the end of a job', () => {
  test.for(['trigger', 'bytes_read'])(
    'that fails because somebody renamed cdd.sync_runs.%s is one error in the log, and counted as DATABASE',
    async (column, { db: { database } }) => {
      const { rig, lines, codes, run } = await createJobs(database);
      await database.$queryRawUnsafe(`alter table cdd.sync_runs rename column ${column} to renamed`);
      await expect(run()).rejects.toMatchObject({ code: 'DATABASE' });
      expect(lines).toEqual([
        expect.objectContaining({
          level: 50,
          account: ACCOUNT,
          code: 'DATABASE',
          msg: expect.stringMatching(new RegExp(`^${ACCOUNT}: .*${column}.* \\(42703\\); .*migrate`)),
        }),
      ]);
      expect(codes).toEqual(['DATABASE']);
      await rig.close();
    },
  );

  test('with an error before or after its run has a line and a code', async ({ db: { database } }) => {
    const { rig, lines, codes, run } = await createJobs(database);
    const failIn = (place: string) => async () => {
      throw new TypeError(`a mistake of ours in ${place}`);
    };
    await expect(run({ mayTry: failIn('mayTry') })).rejects.toThrow('a mistake of ours');
    await expect(run({ accounts: { find: failIn('find') } })).rejects.toThrow('a mistake of ours');
    await expect(run({ onRun: failIn('onRun') })).rejects.toThrow('a mistake of ours');
    const errors = lines.filter(({ level }) => level === 50);
    expect(errors).toHaveLength(3);
    for (const error of errors)
      expect(error).toMatchObject({
        code: 'UNEXPECTED',
        err: { message: expect.stringContaining('a mistake of ours') },
      });
    expect(codes).toEqual(['UNEXPECTED', 'UNEXPECTED', 'UNEXPECTED']);
    await rig.close();
  });

  test('of a run that no retry can mend is no error for the queue, which would try again', async ({
    db: { database },
  }) => {
    const { rig, codes, run } = await createJobs(database);
    const failing = (retryable: boolean) => ({
      ...rig.parts,
      source: {
        ...rig.parts.source,
        readList: async () => {
          throw new SyncError('NETWORK', 'it failed', { retryable });
        },
      },
    });
    await run({ parts: failing(false) });
    await expect(run({ parts: failing(true) })).rejects.toMatchObject({ code: 'NETWORK' });
    expect(codes).toEqual(['NETWORK', 'NETWORK']);
    await rig.close();
  });

  test('that is skipped, locked or left to another replica has a line and a code', async ({ db: { database } }) => {
    const { rig, lines, codes, run } = await createJobs(database);
    await run({ mayTry: async () => false });
    await expect(run({}, 'P99999999')).rejects.toThrow('left to another replica');
    await rig.parts.destination.openRun(ACCOUNT, 'manual');
    await expect(run()).rejects.toThrow('another run of this account is under way');
    expect(codes).toEqual(['SKIPPED', 'UNKNOWN_ACCOUNT', 'LOCKED']);
    expect(lines.map(({ level, code }) => [level, code])).toEqual([
      [20, 'SKIPPED'],
      [40, 'UNKNOWN_ACCOUNT'],
      [30, 'LOCKED'],
    ]);
    await rig.close();
  });

  test('with a run is the line of that run, and its code', async ({ db: { database } }) => {
    const { rig, lines, codes, run } = await createJobs(database);
    await run();
    rig.sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'status', status: 403 } });
    await run();
    expect(codes).toEqual(['NONE', 'FORBIDDEN']);
    expect(lines.map(({ level, code }) => [level, code])).toEqual([
      [20, undefined],
      [50, 'FORBIDDEN'],
    ]);
    await rig.close();
  });
});
