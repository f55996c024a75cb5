import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { saveCases } from '../../../src/store/cases/sql/save-cases.ts';
import { type Database, Prisma } from '../../../src/store/postgres/pool.ts';
import { lockRun } from '../../../src/store/runs/run-lock.ts';
import type { ReadCase } from '../../../src/sync/batcher.ts';
import { transitionsOf } from '../../../src/sync/transitions.ts';
import { test } from '../../support/database.ts';
import { caseOf, parse } from '../../support/list-item.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

type EventFields = Record<string, unknown>;

const statuses = ['WAITING_FOR_DECLARATION', 'UNDER_MANUAL_REVIEW', 'ACTIVE'];

function eventsOf(count: number, fields: EventFields = {}) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    case_status: statuses[index % statuses.length],
    created_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
    ...fields,
  }));
}

function readCase(number: number, events: unknown[], known: boolean): ReadCase {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const read = caseOf(parse({ id, created_at: '2026-01-01T00:00:00Z', events }));
  const fingerprint = createHash('sha256').update(read.document).digest();
  return { ...read, transitions: transitionsOf(read), known, fingerprint, contentHash: null };
}

const readCases = (cases: number, events: unknown[], known: boolean) =>
  Array.from({ length: cases }, (_, number) => readCase(number, events, known));

/** A node of a plan, as `explain (analyze, format json)` shows it. */
type Step = {
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: Step[];
};

/** How many rows all steps of a plan have handled. */
function handledRows(step: Step): number {
  const rows = step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Join Filter'] ?? 0);
  return (step.Plans ?? []).reduce((sum, part) => sum + handledRows(part), rows * step['Actual Loops']);
}

async function newRun(database: Database) {
  const rig = await createRig(database);
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const run = await rig.parts.destination.openRun(ACCOUNT, 'manual');
  if (run === null) throw new Error('the account is locked');
  const context = { accountId: ACCOUNT, runId: run.id, personalData: 'keep' as const };
  const save = (cases: ReadCase[]) =>
    database.transact(async (tx) => {
      const { recordedAt } = await lockRun(tx, context);
      const [explained] = await tx.$queryRaw<{ 'QUERY PLAN': [{ Plan: Step }] }[]>(
        Prisma.sql`explain (analyze, format json) ${saveCases(cases, { ...context, recordedAt })}`,
      );
      if (explained === undefined) throw new Error('there is no plan');
      return handledRows(explained['QUERY PLAN'][0].Plan);
    });
  return { rig, save };
}

describe('the statement that saves cases', () => {
  // The planner knows neither how many events a document has nor, before the first ANALYZE, how many are stored.
  const changes: [string, unknown[]][] = [
    ['an error in every event', eventsOf(1200, { error: 'refused' })],
    ['other content in every event', eventsOf(1200, { request_id: 'another' })],
    ['other statuses in every event', eventsOf(1200).map((event, index) => ({ ...event, case_status: `S${index}` }))],
    ['no times any more', eventsOf(1200).map(({ created_at: _, ...event }) => event)],
    ['its events the other way round', eventsOf(1200).reverse()],
    ['half of its events', eventsOf(600)],
    ['a value that is not as documented in every event', eventsOf(1200, { request_id: 7, error: 'refused' })],
  ];

  test.for(changes)('handles at most 100 rows an event if a case of 1,200 has %s', async ([, events], { db }) => {
    const { rig, save } = await newRun(db.database);
    expect((await save([readCase(0, eventsOf(1200), false)])) / 1200).toBeLessThan(100);
    expect((await save([readCase(0, events, true)])) / 1200).toBeLessThan(100);
    await rig.close();
  });

  test('handles at most 100 rows an event of 500 cases without any statistics', async ({ db: { database } }) => {
    await database.$executeRaw`alter table cdd.event_revisions set (autovacuum_enabled = off)`;
    const { rig, save } = await newRun(database);
    const before = eventsOf(20, { request_id: 'c84f9a8e-3a9e-4a5e-8d63-24be1bd1a0b2' });
    const altered = eventsOf(20, { request_id: 'd4a9b1f3-7c1d-4c39-8b61-2f6f7b0a4e11' });
    const withLateEvent = [{ id: 0, case_status: 'DECLINED', created_at: '2025-01-01T00:00:00Z' }, ...altered];
    for (const [events, known] of [
      [before, false],
      [altered, true],
      [withLateEvent, true],
      [eventsOf(20, { request_id: 7 }), true],
    ] as const) {
      expect((await save(readCases(500, events, known))) / 500 / events.length).toBeLessThan(100);
    }
    await rig.close();
  });
});

describe('a case of 50,000 events', () => {
  test('is saved whole, and so is its next event', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.changeFields({ account: ACCOUNT, case: id }, { events: eventsOf(50_000) });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', items_rejected: 0 });
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, { case_status: 'DECLINED' });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', events_recorded: 1, transitions_recorded: 1 });
    expect((await documentsOf(database)).get(id)).toEqual(listedDocuments(rig.sandbox).get(id));
    await rig.close();
  });
});
