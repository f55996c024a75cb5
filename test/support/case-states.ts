import { withAdmin } from './admin.ts';
import { backfillOf } from './migrations.ts';

/** Deletes what was known of each case, and fills it again as the migration did from the histories of older versions. */
export async function backfillCaseStates(url: string): Promise<void> {
  const backfill = await backfillOf('20261130080502_case_states', '-- Fills both from the histories');
  await withAdmin(url, async (client) => {
    await client.query('truncate cdd.superseded_case_states');
    await client.query(`update cdd.cases set state_recorded_at = '-infinity'`);
    await client.query(backfill);
  });
}
