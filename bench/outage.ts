// Stops the database for 20 s under load. Shows the readiness of two replicas meanwhile, and anything lost.
import { setTimeout as delay } from 'node:timers/promises';
import { createFleet, differingAccounts, settled } from './fleet.ts';

const PORTS = [18_081, 18_082];
const OUTAGE_SECONDS = 20;

const readiness = () =>
  Promise.all(
    PORTS.map(async (port) => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      return answer?.status ?? 0;
    }),
  );

const fleet = await createFleet({ accounts: 100, cases: 100, schedule: '*/5 * * * * *' });
try {
  for (const port of PORTS) fleet.start(port);
  const lateBefore = await settled(fleet, 120);
  const before = await readiness();
  await fleet.stopDatabase();
  const during: number[][] = [];
  for (let second = 0; second < OUTAGE_SECONDS; second += 4) {
    fleet.sandbox.world.advance({ hours: 6 });
    await delay(4000);
    during.push(await readiness());
  }
  await fleet.startDatabase();
  const back = performance.now();
  while ((await readiness()).some((status) => status !== 200)) await delay(200);
  const readyAfter = Math.round(performance.now() - back);
  const late = await settled(fleet, 120);
  const alive = fleet.replicas.filter((replica) => replica.exitCode === null).length;
  await fleet.stopReplicas();
  const different = await differingAccounts(fleet);
  const states = await fleet.database.syncRun.groupBy({ by: ['state', 'errorCode'], _count: true });
  const result = {
    'readyz before': before,
    'readyz while the database was down': during,
    'ready again, ms after the database': readyAfter,
    'replicas that lived through it': alive,
    'accounts not synced before': lateBefore,
    'accounts not synced after': late,
    'accounts whose tables differ from the sandbox': different,
    runs: states.map(({ state, errorCode, _count }) => `${state} ${errorCode ?? ''} ${_count}`),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (late + different > 0 || alive < PORTS.length || during.flat().includes(200)) process.exitCode = 1;
} finally {
  await fleet.close();
}
