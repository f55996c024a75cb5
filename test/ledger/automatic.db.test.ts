import { expect } from 'vitest';
import { AutomaticErasure } from '../../src/ledger/erase/automatic.ts';
import { eraseDue } from '../../src/ledger/erase/due.ts';
import { countDueByAccount, dueCases } from '../../src/store/ledger/erase/due-cases.ts';
import { holdCase } from '../../src/store/ledger/hold/holds.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { recordingLog } from '../support/log-lines.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'T12345678';
const ALL = 1000;

test('cases whose time is over are erased after a run, but none that is held, and none if many are due at once', async ({
  db: { database },
}) => {
  const keepFor = (years: number | null) =>
    applyReportSettings(database, { timezone: 'UTC', statusTargets: {}, retention: { cases: { years, rules: [] } } });
  await keepFor(null);
  const { log, texts } = recordingLog();
  const rig = await createRig(database, {
    sandbox: { casesPerAccount: 60, start: '2019-06-01T00:00:00Z' },
    log,
    isErasing: true,
  });
  await rig.sync();
  await rig.sync({ account: sandboxAccount(OTHER) });
  const due = () => dueCases(database, ACCOUNT, ALL);
  expect(await due()).toEqual([]);
  await keepFor(1);
  const { length: number } = await due();
  expect(number).toBeGreaterThan(9);
  // A wrong clock of this machine, or of the database, makes nothing due.
  expect(await dueCases(database, ACCOUNT, ALL, new Date('2019-07-01T00:00:00Z'))).toEqual([]);
  const [{ caseId = '' } = {}] = await due();
  await holdCase(database, { accountId: ACCOUNT, caseId, reason: 'a lawsuit', by: null });

  const told: string[] = [];
  const tell = ({ level, text }: { level: string; text: string }) => void told.push(`${level} ${text}`);
  const careful = new AutomaticErasure(database, tell, { ratio: 0.01, atLeast: 3 });
  await careful.afterRun(ACCOUNT);
  await careful.afterRun(ACCOUNT);
  expect(await database.erasure.count()).toBe(0);
  expect(told).toEqual([
    expect.stringMatching(new RegExp(`^warn ${ACCOUNT}: ${number - 1} of 60 cases are due .* --due --yes$`)),
  ]);

  // Few in each account, but many in all: a partner's merchants have a few cases each.
  told.length = 0;
  const { length: inOther } = await dueCases(database, OTHER, ALL);
  const sum = number - 1 + inOther;
  expect(await countDueByAccount(database)).toEqual([
    { accountId: ACCOUNT, cases: number - 1 },
    { accountId: OTHER, cases: inOther },
  ]);
  const perAccount = Math.max(number - 1, inOther);
  expect(perAccount).toBeLessThan(sum - 1);
  const carefulOfAll = new AutomaticErasure(database, tell, { ratio: 0.01, atLeast: perAccount });
  await carefulOfAll.afterRun(ACCOUNT);
  await carefulOfAll.afterRun(OTHER);
  expect(await database.erasure.count()).toBe(0);
  expect(told).toEqual([
    expect.stringMatching(new RegExp(`^warn ${ACCOUNT}: ${sum} of 120 cases of 2 accounts are due .* --due --yes$`)),
  ]);

  expect(await eraseDue(database, { accountId: ACCOUNT, by: 'kari' }, { cases: 2, milliseconds: 60_000 })).toBe(2);
  expect(await eraseDue(database, { accountId: ACCOUNT, by: 'kari' }, { cases: ALL, milliseconds: 0 })).toBe(0);
  // Ctrl-C stops it before the next case.
  const stop = new AbortController();
  const stopping = { accountId: ACCOUNT, by: null, signal: stop.signal, onErased: () => stop.abort() };
  expect(await eraseDue(database, stopping, { cases: ALL, milliseconds: 60_000 })).toBe(1);
  // Two at once: the cases that one has erased do not end the other.
  const two = () => eraseDue(database, { accountId: ACCOUNT, by: null }, { cases: 2, milliseconds: 60_000 });
  expect(await Promise.all([two(), two()])).toEqual([2, 2]);
  // A list that is cut off says nothing of cases that were opened again.
  rig.sandbox.faults.add({ endpoint: 'list', times: 100, fault: { kind: 'status', status: 403 } });
  expect(await rig.sync()).toMatchObject({ state: 'failed' });
  expect(await database.erasure.count()).toBe(7);
  rig.sandbox.faults.clear();
  await rig.sync();
  expect(texts()).toContain(
    `info ${ACCOUNT}: ${number - 8} cases erased after the end of the time to keep; the receipts: cdd-sync show erasures`,
  );
  expect(await due()).toEqual([]);
  expect(await database.erasure.findMany({ distinct: ['isBeforeTime', 'reason'] })).toHaveLength(1);
  expect(await database.erasure.findFirst()).toMatchObject({ isBeforeTime: false, keptUntil: expect.any(Date) });
  expect(await database.case.findFirst({ where: { id: caseId } })).toMatchObject({ erasedAt: null });
  await rig.close();
});
