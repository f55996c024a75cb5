import { expect } from 'vitest';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { createRig } from '../support/rig.ts';

const ACCOUNT = 'P12345678';
const ENDINGS = {
  'is terminated': { status: 'TERMINATED', deleted_at: null },
  'is deleted': { status: 'ACTIVE', deleted_at: '2026-11-09T10:00:00Z' },
};

for (const [title, ending] of Object.entries(ENDINGS)) {
  test(`an account without a case that ever ended says so, until one ${title}`, async ({ db }) => {
    const rig = await createRig(db.database, { sandbox: { casesPerAccount: 0 } });
    const append = (number: number, { status, deleted_at }: { status: string; deleted_at: string | null }) => {
      const events = [{ id: 1, event: 'case_updated', case_status: status, created_at: '2026-11-01T10:00:00Z' }];
      const id = `00000000-0000-4000-8000-00000000000${number}`;
      rig.sandbox.world.appendItem(ACCOUNT, JSON.stringify({ id, account_id: ACCOUNT, deleted_at, events }));
    };
    const neverListed = async () => {
      await rig.sync();
      const { rows } = await withAdmin(db.url, (client) =>
        client.query(`select items from reporting.data_quality where check_name = 'never_listed'`),
      );
      return rows;
    };
    expect(await neverListed()).toEqual([{ items: 0 }]);
    append(1, { status: 'ACTIVE', deleted_at: null });
    expect(await neverListed()).toEqual([{ items: 1 }]);
    append(2, ending);
    expect(await neverListed()).toEqual([{ items: 0 }]);
    await rig.close();
  });
}
