// Four replicas and 200 accounts; every few seconds, for two minutes, one replica is killed with SIGKILL.
import { setTimeout as delay } from 'node:timers/promises';
import { createFleet, differingAccounts, overlappingRuns, settled, ticksDoneTwice } from './fleet.ts';

const REPLICAS = 4;
const SECONDS = 120;
const KILL_EVERY_SECONDS = 4;
const SETTLE_SECONDS = 120;

const fleet = await createFleet({ accounts: 200, cases: 50, schedule: '*/10 * * * * *' });
const { database, sandbox } = fleet;
let kills = 0;
try {
  for (let count = 0; count < REPLICAS; count += 1) fleet.start();
  for (let second = 0; second < SECONDS; second += KILL_EVERY_SECONDS) {
    await delay(KILL_EVERY_SECONDS * 1000);
    sandbox.world.advance({ hours: 6 });
    await fleet.kill(0);
    kills += 1;
    fleet.start();
  }
  const late = await settled(fleet, SETTLE_SECONDS);
  await fleet.stopReplicas();
  const states = await database.syncRun.groupBy({ by: ['state'], _count: true });
  const faults = {
    'accounts not synced after the last kill': late,
    'accounts whose tables differ from the sandbox': await differingAccounts(fleet),
    'runs of one account that overlapped': await overlappingRuns(database),
    'ticks done twice': await ticksDoneTwice(database),
  };
  const runs = Object.fromEntries(states.map(({ state, _count }) => [state, _count]));
  process.stdout.write(`${JSON.stringify({ replicas: REPLICAS, kills, runs, ...faults }, null, 2)}\n`);
  if (Object.values(faults).some((count) => count > 0)) process.exitCode = 1;
} finally {
  await fleet.close();
}
