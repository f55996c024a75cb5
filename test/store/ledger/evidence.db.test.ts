import { expect } from 'vitest';
import { readTable } from '../../../src/cli/evidence/tables.ts';
import { ContractLinks } from '../../../src/ledger/evidence/contract-links.ts';
import { TABLE_WORDS } from '../../../src/ledger/evidence/words.ts';
import { readEvidenceCase, readKnownUntil } from '../../../src/store/ledger/evidence/case.ts';
import type { EvidenceKey } from '../../../src/store/ledger/evidence/columns.ts';
import { EVIDENCE_TABLES } from '../../../src/store/ledger/evidence/tables.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { test } from '../../support/database.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';

const ACCOUNT = 'P11200001';
const links = new ContractLinks([]);

function readAll(database: Database, key: EvidenceKey) {
  return database.transact(
    async (tx) => {
      const tables: Record<string, unknown> = { case: await readEvidenceCase(tx, key) };
      for (const table of EVIDENCE_TABLES) tables[table.name] = (await readTable(tx, table, { key, links })).rows;
      return tables;
    },
    { isReadOnly: true },
  );
}

test('evidence of a time stays as it was then, and its decisions are those of the view', async ({ db }) => {
  const { database } = db;
  const kept: { key: EvidenceKey; tables: Record<string, unknown> }[] = [];
  const { rig } = await makeRandomHistory(db, {
    seed: 5,
    steps: 3,
    cases: 12,
    changes: 150,
    backdated: false,
    oddTimes: true,
    afterStep: async () => {
      const knownAt = await readKnownUntil(database);
      const rows = await database.$queryRaw<{ id: string }[]>`
        select case_id::text as id from reporting.cases where account_id = ${ACCOUNT} order by changed_at desc, case_id limit 5`;
      for (const { id } of rows) {
        const key = { accountId: ACCOUNT, caseId: id, knownAt };
        kept.push({ key, tables: await readAll(database, key) });
      }
    },
  });
  await rig.close();
  for (const { key, tables } of kept) expect({ key, ...(await readAll(database, key)) }).toEqual({ key, ...tables });
  // Without rows in them, the tables would be equal anyway.
  const filled = EVIDENCE_TABLES.filter(({ name }) => kept.some(({ tables }) => String(tables[name]) !== ''));
  expect(filled.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'timeline',
      'decisions',
      'reviews',
      'documents',
      'events',
      'transitions',
      'runs',
      'digest-rows',
    ]),
  );
  expect(EVIDENCE_TABLES.filter(({ name }) => TABLE_WORDS[name] === undefined)).toEqual([]);

  const knownAt = await readKnownUntil(database);
  let decided = 0;
  for (const { key } of kept) {
    const { decisions } = await readAll(database, { ...key, knownAt });
    const view = await database.$queryRaw<object[]>`
      select number::text, decision, status, route, opened_at::text, decided_at::text
      from reporting.decisions
      where account_id = ${ACCOUNT} and case_id = ${key.caseId}::uuid
      order by number`;
    decided += view.length;
    expect([key.caseId, decisions]).toEqual([key.caseId, view.map((row) => expect.objectContaining(row))]);
  }
  expect(decided).toBeGreaterThan(5);
});
