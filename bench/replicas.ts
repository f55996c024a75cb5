// Runs a minute of 1, 2 and 4 replicas: 500 accounts of 200 cases, an API that answers in 300 ms, more ticks than can
// be done.
import { setTimeout as delay } from 'node:timers/promises';
import { textTable } from '../test/support/text-table.ts';
import { createFleet, overlappingRuns, ticksDoneTwice } from './fleet.ts';

const ACCOUNTS = 500;
const CASES = 200;
const ANSWER_SECONDS = 0.3;
const MEASURED_SECONDS = 60;

const fleet = await createFleet({ accounts: ACCOUNTS, cases: CASES, schedule: '*/5 * * * * *' });
const { database, sandbox } = fleet;
const rows: Record<string, string | number>[] = [];
try {
  sandbox.faults.add({
    endpoint: 'list',
    times: Number.POSITIVE_INFINITY,
    fault: { kind: 'delay', seconds: ANSWER_SECONDS },
  });
  for (const replicas of [1, 2, 4]) {
    while (fleet.replicas.length < replicas) fleet.start();
    // Start-up and the first load of all accounts are not measured.
    while ((await database.account.count({ where: { lastSuccessAt: { not: null } } })) < ACCOUNTS) await delay(500);
    await delay(5000);
    const since = new Date();
    await delay(MEASURED_SECONDS * 1000);
    const runs = await database.syncRun.count({ where: { state: 'succeeded', finishedAt: { gt: since } } });
    const [lag] = await database.$queryRaw<{ seconds: number }[]>`
      select extract(epoch from max(now() - last_success_at))::double precision as seconds from cdd.accounts`;
    rows.push({
      replicas,
      'runs per minute': Math.round((runs * 60) / MEASURED_SECONDS),
      'at most possible': Math.round((replicas * 4 * 60) / ANSWER_SECONDS),
      'oldest success, s': Math.round(lag?.seconds ?? 0),
      'overlapping runs': await overlappingRuns(database),
      'ticks done twice': await ticksDoneTwice(database),
    });
  }
  process.stdout.write(`${textTable(rows)}\n`);
} finally {
  await fleet.close();
}
