// Four replicas, 200 accounts, and one replica killed with -9 every few seconds for two minutes.
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createFleet, overlappingRuns, ticksDoneTwice } from './fleet.ts';

const REPLICAS = 4;
const ACCOUNTS = 200;
const SECONDS = Number(process.argv[2] ?? 120);
const KILL_EVERY_SECONDS = 4;
const SETTLE_SECONDS = 120;

const fleet = await createFleet({ accounts: ACCOUNTS, cases: 50, schedule: '*/10 * * * * *' });
const { database, sandbox, accountIds } = fleet;
let kills = 0;
try {
  for (let count = 0; count < REPLICAS; count += 1) fleet.start();
  for (let second = 0; second < SECONDS; second += KILL_EVERY_SECONDS) {
    await delay(KILL_EVERY_SECONDS * 1000);
    sandbox.world.advance({ hours: 6 });
    await fleet.kill(kills % REPLICAS);
    kills += 1;
    fleet.start();
  }
  const changed = new Date();
  let late = ACCOUNTS;
  for (let second = 0; second < SETTLE_SECONDS && late > 0; second += 1) {
    await delay(1000);
    const done = await database.syncRun.groupBy({
      by: ['accountId'],
      where: { state: 'succeeded', startedAt: { gt: changed } },
    });
    late = ACCOUNTS - done.length;
  }
  await fleet.stopReplicas();
  let different = 0;
  for (const id of accountIds) {
    const rows = await database.$queryRaw<{ id: string; document: unknown }[]>`
      select id::text, cdd.case_document(account_id, id) as document
      from cdd.cases
      where account_id = ${id} and missing_since is null`;
    const saved = new Map(rows.map((row) => [row.id, row.document]));
    const listed = sandbox.world.documents(id);
    if (saved.size !== listed.length) different += 1;
    else if (listed.some((document) => !isDeepStrictEqual(saved.get(String(document.id)), document))) different += 1;
  }
  const states = await database.syncRun.groupBy({ by: ['state'], _count: true });
  const result = {
    replicas: REPLICAS,
    kills,
    runs: Object.fromEntries(states.map(({ state, _count }) => [state, _count])),
    'accounts not synced after the last kill': late,
    'accounts whose tables differ from the sandbox': different,
    'runs of one account that overlapped': await overlappingRuns(database),
    'ticks done twice': await ticksDoneTwice(database),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (late + different + result['runs of one account that overlapped'] + result['ticks done twice'] > 0)
    process.exitCode = 1;
} finally {
  await fleet.close();
}
