import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import {
  ACCOUNT,
  createRig,
  currentFacts,
  documentsOf,
  listedDocuments,
  type Rig,
  rowVersions,
} from '../support/rig.ts';

/** The time of the database, for questions as of then. */
async function now(database: Database): Promise<string> {
  const [row] = await database.$queryRaw<{ now: string }[]>`select clock_timestamp()::text as now`;
  return row?.now ?? '';
}

/** Everything a list can do between two runs, on cases picked by a number. */
function moveOn({ sandbox }: Rig, step: number): void {
  const { world } = sandbox;
  world.advance({ hours: 60 });
  const ids = world.caseIds(ACCOUNT);
  const target = (offset: number) => ({ account: ACCOUNT, case: ids[(step * 17 + offset) % ids.length] ?? '' });
  world.appendEvent(target(0), { case_status: 'UNDER_MANUAL_REVIEW' });
  world.addLateEvent(target(1));
  world.addLateEvent(target(2), { id: 'smaller' });
  world.changeFields(target(3), { package: `package ${step}` });
  world.deleteCase(target(4));
  world.reorderKeys(target(5));
  world.vanish(target(6));
  world.vanish(target(7));
  world.edit(target(8), (document) => {
    const [first, ...rest] = Array.isArray(document.events) ? document.events : [];
    document.events = [...rest, first].filter((event) => event !== undefined);
  });
  world.edit(target(9), (document) => {
    document.events = Array.isArray(document.events) ? document.events.slice(1) : [];
  });
  world.edit(target(10), (document) => {
    for (const event of Array.isArray(document.events) ? document.events : []) event.request_id = `request ${step}`;
  });
}

describe('a run', () => {
  test('saves every case of several batches so that every document comes back, and a second one changes no row', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 4_000 } });
    const first = await rig.sync();
    expect(first).toMatchObject({ state: 'succeeded', complete: true, cases_seen: 4_000, cases_created: 4_000 });

    const listed = listedDocuments(rig.sandbox);
    const saved = await documentsOf(database);
    expect(saved.size).toBe(4_000);
    const different = [...listed].filter(([id, document]) => !isDeepStrictEqual(saved.get(id), document));
    expect(different.map(([id]) => id)).toEqual([]);

    // Without an etag, so that the list is really read.
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'noEtag' } });
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    const before = await rowVersions(database);
    const second = await rig.sync();
    expect(second).toMatchObject({
      state: 'succeeded',
      cases_seen: 4_000,
      cases_unchanged: 4_000,
      events_recorded: 0,
    });
    expect(await rowVersions(database)).toEqual(before);
    await rig.close();
  });

  test('after many changes of the list gives the same as a first load, and every earlier document', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 120 } });
    const seen: { at: string; listed: Map<string, unknown> }[] = [];
    const vanished: string[] = [];
    for (let step = 0; step < 6; step += 1) {
      if (step > 0) moveOn(rig, step);
      const [back] = vanished.splice(0, step === 3 ? 1 : 0);
      if (back !== undefined) rig.sandbox.world.bringBack({ account: ACCOUNT, case: back });
      if (step === 4) rig.sandbox.world.reorderAllKeys(ACCOUNT);
      const row = await rig.sync();
      expect(row.state).toBe('succeeded');
      expect(row.cases_seen).toBe(row.cases_created + row.cases_updated + row.cases_unchanged);
      expect(row.cases_returned).toBe(back === undefined ? 0 : 1);
      const missing = await database.$queryRaw<
        { id: string }[]
      >`select id::text from cdd.cases where missing_since is not null`;
      vanished.splice(0, Number.POSITIVE_INFINITY, ...missing.map(({ id }) => id));
      seen.push({ at: await now(database), listed: listedDocuments(rig.sandbox) });
    }
    expect(vanished.length).toBeGreaterThan(0);

    for (const { at, listed } of seen) expect(await documentsOf(database, at)).toEqual(listed);

    const facts = await currentFacts(database);
    await database.$executeRaw`truncate cdd.cases, cdd.case_revisions, cdd.event_revisions, cdd.event_bodies, cdd.status_transitions cascade`;
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    const scratch = await rig.sync();
    expect(scratch.cases_created).toBe(seen.at(-1)?.listed.size);
    expect(facts).toEqual(await currentFacts(database));
    await rig.close();
  });

  test('orders an event without any time by when it was first recorded', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const id = '00000000-0000-4000-8000-0000000000aa';
    const item = { id, events: [{ id: 1, case_status: 'WAITING_FOR_DETAILS' }] };
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([item]));
    await rig.sync();
    const later = { id: 2, case_status: 'ACTIVE', created_at: new Date(Date.now() + 60_000).toISOString() };
    const earlier = { id: 3, case_status: 'AUTOMATIC_REVIEW', created_at: '2026-01-01T00:00:00Z' };
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([{ ...item, events: [...item.events, later, earlier] }]));
    await rig.sync();
    const transitions = await database.statusTransition.findMany({
      where: { supersededAt: null },
      orderBy: { sequence: 'asc' },
    });
    expect(transitions.map(({ toStatus }) => toStatus)).toEqual(['AUTOMATIC_REVIEW', 'WAITING_FOR_DETAILS', 'ACTIVE']);
    const times = transitions.map(({ occurredAt }) => occurredAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await rig.close();
  });

  test('adds a transition that an older version did not derive from an unchanged document', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    await rig.sync();
    const before = await currentFacts(database);
    // As if that version had stopped after the first, and had made other fingerprints.
    await database.$executeRaw`delete from cdd.status_transitions where sequence > 1`;
    await database.$executeRaw`update cdd.cases set transitions = least(transitions, 1), fingerprint = sha256(fingerprint)`;
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    const row = await rig.sync();
    expect(row).toMatchObject({
      state: 'succeeded',
      cases_updated: 0,
      events_recorded: 0,
      cases_unchanged: row.cases_seen,
    });
    expect(row.transitions_recorded).toBeGreaterThan(row.cases_seen);
    expect(await currentFacts(database)).toEqual(before);
    await rig.close();
  });

  test('keeps history without overlap when the clock of the database steps back', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    await database.$executeRaw`update cdd.sync_runs set started_at = started_at + interval '10 s', heartbeat_at = heartbeat_at + interval '10 s', finished_at = finished_at + interval '10 s'`;
    await database.$executeRaw`update cdd.case_revisions set recorded_at = recorded_at + interval '10 s'`;
    await database.$executeRaw`update cdd.case_events set recorded_at = recorded_at + interval '10 s'`;
    rig.sandbox.world.advance({ hours: 100 });
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.vanish({ account: ACCOUNT, case: id });
    expect((await rig.sync()).cases_updated).toBeGreaterThan(0);
    const overlaps = await database.$queryRaw<unknown[]>`
      select 1
      from cdd.case_revisions as one
      join cdd.case_revisions as next
        on next.account_id = one.account_id and next.case_id = one.case_id and next.revision = one.revision + 1
      where next.recorded_at is distinct from one.superseded_at`;
    expect(overlaps).toEqual([]);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('with personalData: drop stores no personal data, and closes the documents that have some', async ({
    db: { database },
  }) => {
    const keeping = await createRig(database);
    await keeping.sync();
    const dropping = await createRig(database, { personalData: 'drop' });
    const row = await dropping.sync();
    expect(row).toMatchObject({ state: 'succeeded', not_modified: false, cases_updated: row.cases_seen });
    const [left] = await database.$queryRaw<{ events: number; details: number }[]>`
      select
        (
          select count(*)::integer
          from cdd.case_events
          where superseded_at is null and (body ? 'case' or body -> 'created' ? 'contract_url' or contract_url is not null)
        ) as events,
        (
          select count(*)::integer
          from cdd.case_revisions
          where superseded_at is null and body -> 'case_request' ? 'details'
        ) as details`;
    expect(left).toEqual({ events: 0, details: 0 });
    expect(await dropping.sync()).toMatchObject({ not_modified: true });
    await keeping.close();
    await dropping.close();
  });
});
