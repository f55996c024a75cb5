import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { serve } from '../support/list-server.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-0000000000${n + 10}`;
const caseOf = (n: number) => ({ id: idOf(n), account_id: ACCOUNT, events: [{ id: 1 }] });

describe('a run whose list drips', () => {
  test('ends as TIMEOUT, keeps the cases that came, and leaves the account to the next run', async ({
    db: { database },
  }) => {
    let isSlow = true;
    await using api = await serve(async (_request, response) => {
      if (!isSlow) return void response.end(JSON.stringify([caseOf(1), caseOf(2)]));
      response.write(`[${JSON.stringify(caseOf(1))},`);
      while (!response.destroyed) {
        response.write(' ');
        await sleep(50);
      }
    });
    const settings = { baseUrl: api.url, audienceBase: `${api.url}/accounts`, timeoutSeconds: 0.4 };
    const rig = await createRig(database, { api: settings, heartbeatMs: 100 });
    expect(await rig.sync()).toMatchObject({
      ...{ state: 'failed', error_code: 'TIMEOUT', cases_created: 1, requests: 2, retries: 0 },
      error_message: expect.stringMatching(/sent only \d+ bytes in 2 s/),
    });
    const { startedAt, heartbeatAt } = await database.syncRun.findFirstOrThrow();
    expect(heartbeatAt.getTime() - startedAt.getTime()).toBeGreaterThan(1500);
    isSlow = false;
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 1, cases_unchanged: 1 });
    await rig.close();
  });
});
