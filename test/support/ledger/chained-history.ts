import { betweenBatches } from '../../../src/store/ledger/between-batches.ts';
import { eraseCase } from '../../../src/store/ledger/erase/erase-case.ts';
import { holdCase, releaseCase } from '../../../src/store/ledger/hold/holds.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { sync } from '../../../src/sync/run.ts';
import { OTHER } from '../cli-fixture.ts';
import { expireHeartbeats } from '../dead-worker.ts';
import { ACCOUNT, createRig, type Rig } from '../rig.ts';
import { sandboxAccount } from '../sandbox-account.ts';

/** Cases of `ACCOUNT` that something happened to. */
export type ChainedCases = Record<'edited' | 'late' | 'revised' | 'returned' | 'missing' | 'odd' | 'erased', string>;

/**
 * Fills a database with a history that has everything that the chain is about: new and changed documents, late and
 * changed events, problems that come and go, cases that go missing and return, a deleted and an erased case, and an
 * abandoned run. The chain of `OTHER` is younger than its first rows.
 */
export async function makeChainedHistory(database: Database): Promise<ChainedCases> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 12, hoursPerSecond: 0 } });
  try {
    return await play(rig, database);
  } finally {
    await rig.close();
  }
}

async function play(rig: Rig, database: Database): Promise<ChainedCases> {
  const { world } = rig.sandbox;
  const account = ACCOUNT;
  await rig.sync();
  await rig.sync({ account: sandboxAccount(OTHER) });
  await forgetChain(database, OTHER);
  const [edited = '', late = '', revised = '', returned = '', missing = '', odd = '', erased = ''] =
    world.caseIds(account);
  const target = (id: string) => ({ account, case: id });

  world.changeFields(target(edited), { package: 'full' });
  world.addLateEvent(target(late));
  reviseEvent(rig, revised);
  world.vanish(target(returned));
  world.vanish(target(missing));
  world.changeFields(target(odd), { created_at: 'yesterday', package: { name: 'full' } });
  await rig.sync({ acceptMissing: true });

  world.bringBack(target(returned));
  world.changeFields(target(odd), { created_at: '2026-01-05T10:00:00Z' });
  world.deleteCase(target(late));
  await dieBeforeTheEnd(rig);
  await expireHeartbeats(database);

  reviseEvent(rig, revised);
  world.addLateEvent(target(edited), { id: 'smaller' });
  await rig.sync();
  await betweenBatches(database, account, (tx) =>
    eraseCase(tx, {
      accountId: account,
      caseId: erased,
      reason: 'asked for',
      isBeforeTime: true,
      keptUntil: null,
      by: null,
    }),
  );
  await holdCase(database, { accountId: account, caseId: edited, reason: 'request 25/1187', by: 'tester' });
  await holdCase(database, { accountId: account, caseId: late, reason: 'request 26/12', by: null });
  await releaseCase(database, { accountId: account, caseId: edited, reason: 'file closed', by: null });
  world.appendEvent(target(erased));
  await rig.sync();
  world.changeFields({ account: OTHER }, { package: 'full' });
  await rig.sync({ account: sandboxAccount(OTHER) });
  return { edited, late, revised, returned, missing, odd, erased };
}

/** Changes the first event of a case, so that its first version is closed. */
function reviseEvent({ sandbox: { world } }: Rig, id: string): void {
  world.edit({ account: ACCOUNT, case: id }, (document) => {
    const [first] = Array.isArray(document.events) ? document.events : [];
    Object.assign(Object(first), { error: `revised ${Math.random()}` });
  });
}

/** A run that saves everything and is killed before it ends. */
async function dieBeforeTheEnd({ parts }: Rig): Promise<void> {
  const account = sandboxAccount(ACCOUNT);
  const killed = new Error('killed');
  const destination = { ...parts.destination, closeRun: () => Promise.reject(killed) };
  const signal = new AbortController().signal;
  const run = { account, trigger: 'manual' as const, acceptMissing: false, signal };
  await sync(run, { ...parts, destination }).then(
    () => Promise.reject(new Error('the run ended')),
    (error: unknown) => {
      if (error !== killed) throw error;
    },
  );
}

/** Leaves the rows of an account as they were before databases had a chain. */
async function forgetChain(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`delete from cdd.digest_links where account_id = ${accountId}`;
  await database.$executeRaw`delete from cdd.batch_digests where account_id = ${accountId}`;
  await database.$executeRaw`delete from cdd.case_digests where account_id = ${accountId}`;
}
