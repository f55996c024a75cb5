import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { temporaryFolder } from '../support/cli.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { runHere } from '../support/program.ts';
import { item } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const NAME = 'Bjørk \u001b]0;owned\u0007 漢字';

function application(decision: string): JsonObject {
  return item(1, {
    created_at: '2026-01-05T10:00:00Z',
    case_for: { payout_destination_name: NAME },
    events: [
      { id: 1, event: 'created', case_status: 'WAITING_FOR_DETAILS', created_at: '2026-01-05T10:00:00Z' },
      { id: 2, event: 'decided', case_status: decision, created_at: '2026-01-06T10:00:00Z' },
    ],
  });
}

describe('case', () => {
  test('tells both time axes and what was believed before, by any form of the id, as known now or then', async ({
    db: { url, database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    await database.$executeRaw`update cdd.report_settings set timezone = 'Europe/Oslo'`;
    const saved = async (decision: string) => {
      for (const id of [ACCOUNT, OTHER]) {
        rig.sandbox.world.serve(id, JSON.stringify(id === ACCOUNT ? [application(decision)] : []));
        await rig.sync({ account: sandboxAccount(id) });
      }
      const [now] = await database.$queryRaw<{ at: Date }[]>`select clock_timestamp() as at`;
      return now?.at.toISOString() ?? '';
    };
    const between = await saved('ACTIVE');
    await saved('DECLINED');
    const cwd = await temporaryFolder();
    const run = (...args: string[]) => runHere(['case', ...args], { cwd, env: { DATABASE_URL: url } });
    const id = String(application('').id);

    const now = await run(id.slice(0, 8));
    expect(now).toMatchObject({ code: 0, stderr: '' });
    expect(now.stdout).toMatch(/^Bjørk \\u001b\]0;owned\\u0007 漢字\n/);
    expect(now.stdout).toContain('declined since 6 Jan 2026 11:00');
    expect(now.stdout).toContain('As known now: version 2 of 2');
    expect(now.stdout.replace(/\s+/g, ' ')).toMatch(
      /waiting for details → declined .* was believed until .*: .*active/,
    );
    expect(Math.max(...now.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const form of [id, id.toUpperCase(), `${ACCOUNT}/${id}`, id.replaceAll('-', '').slice(0, 13)]) {
      expect((await run(form)).stdout).toBe(now.stdout);
    }

    const then = await run(id, '--known-at', between);
    expect(then.stdout).toContain('active since 6 Jan 2026 11:00');
    expect(then.stdout.replace(/\s+/g, ' ')).toMatch(/not known yet: .*declined/);
    expect((await run(id, '--known-at', '2026-01-31')).stdout).toContain(
      'Not known yet: cdd-sync learned of this case on',
    );

    const rows: { kind: string; superseded_at: string | null }[] = JSON.parse(
      (await run(id, '--json', '--known-at', between)).stdout,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['created', 'status', 'status']);
    expect(rows.map(({ superseded_at }) => superseded_at)).toEqual([null, null, null]);

    const nameless = { ...application('DECLINED'), id: '99999999-0000-4000-8000-000000000001', case_for: {} };
    rig.sandbox.world.serve(OTHER, JSON.stringify([application('DECLINED'), nameless]));
    await rig.sync({ account: sandboxAccount(OTHER) });
    await rig.close();
    expect((await run(id, '--account', OTHER)).stdout).toContain(`Also in the list of ${ACCOUNT}`);
    expect((await run('99999999')).stdout.match(/99999999-/g)).toHaveLength(1);
    for (const [args, words] of [
      [[id], `2 cases fit ${id}; name one of them:\n  ${ACCOUNT}/${id}  DECLINED\n  ${OTHER}/${id}  DECLINED`],
      [['abc'], 'the first 8 are enough'],
      [['ffffffff'], 'There is no case ffffffff'],
      [[`P12345679/${id}`], `Did you mean account ${ACCOUNT}?`],
      [[id, '--known-at', 'soon'], 'a time of Europe/Oslo'],
      [[id, '--known-at', '2999-01-01'], 'has not come yet'],
    ] as const) {
      expect([args, await run(...args)]).toEqual([
        args,
        { code: 2, stdout: '', stderr: expect.stringContaining(words) },
      ]);
    }
  });
});
