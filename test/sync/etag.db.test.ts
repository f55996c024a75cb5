import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, rowVersions } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

describe('a run with an etag', () => {
  test('counts nothing and succeeds when the answer is 304', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const before = await rowVersions(database);
    const row = await rig.sync();
    expect(row).toMatchObject({
      state: 'succeeded',
      not_modified: true,
      complete: false,
      cases_seen: 0,
      bytes_read: 0,
      requests: 1,
    });
    expect(await rowVersions(database)).toEqual(before);
    await rig.close();
  });

  test('does not trust an etag that was given for another request', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const filters = { products: ['payout'], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null };
    const filtered = await rig.sync({ account: sandboxAccount(ACCOUNT, { filters }) });
    expect(filtered).toMatchObject({ state: 'succeeded', not_modified: false, complete: true });
    await rig.close();
  });

  test('forgets the etag if it fails midway, so that an earlier list is read again', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1500 } });
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const original = listedDocuments(rig.sandbox).get(id);
    rig.sandbox.world.changeFields({ account: ACCOUNT, case: id }, { package: 'for a moment' });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'truncated', afterItems: 1200 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'TRUNCATED', cases_updated: 1 });
    expect(await database.account.findUnique({ where: { id: ACCOUNT } })).toMatchObject({
      etag: null,
      etagRequest: null,
    });
    rig.sandbox.world.edit({ account: ACCOUNT, case: id }, (document) => Object.assign(document, original));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: false, cases_updated: 1 });
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });
});
