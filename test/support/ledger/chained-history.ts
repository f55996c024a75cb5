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
  await eraseByHand(database, erased);
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

/** Removes a value of a case and adds the receipt of that. */
async function eraseByHand(database: Database, caseId: string): Promise<void> {
  await database.transact(async (tx) => {
    await tx.$executeRaw`
      update cdd.case_revisions set body = body - 'case_for' where account_id = ${ACCOUNT} and case_id = ${caseId}::uuid`;
    await tx.$executeRaw`
      update cdd.cases set erased_at = now() where account_id = ${ACCOUNT} and id = ${caseId}::uuid`;
    await tx.$executeRaw`
      with receipt as (
        select
          account_id, id as case_id, erased_at, 'erased' as kind, 'asked for' as reason, true as is_before_time,
          null::timestamptz as kept_until, '{"names": 1}'::jsonb as kinds, null as erased_by, 'tester' as erased_role,
          cdd.case_snapshot_digest(account_id, id, erased_at) as digest
        from cdd.cases
        where account_id = ${ACCOUNT} and id = ${caseId}::uuid
      ),
      link as materialized (
        select cdd.add_link(
          account_id, 'receipts', null,
          sha256(record_send(row(
            case_id, erased_at, kind, reason, is_before_time, kept_until, sha256(jsonb_send(kinds)), erased_by,
            erased_role, digest
          )))
        ) as number
        from receipt
      )
      insert into cdd.erasures (
        account_id, case_id, erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, erased_role, digest,
        link_number
      )
      select receipt.*, link.number from receipt cross join link`;
  });
}
