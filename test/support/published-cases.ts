// Two accounts with cases of the sandbox, and values that are hard to write down in a file.
import type { Database } from '../../src/store/postgres/pool.ts';
import { OTHER } from './cli-fixture.ts';
import { ACCOUNT, createRig } from './rig.ts';
import { sandboxAccount } from './sandbox-account.ts';

/** Names of companies that a spreadsheet, a terminal or a file format could take for something else. */
export const HARD_NAMES = [
  '=1+1',
  '+47 12',
  '-x',
  '@sum',
  '\tx',
  '\rx',
  'a,"b"\r\nc',
  '\u001b]0;owned\u0007',
  'Bjørk 漢字 🐻',
  '',
];

export async function fillWithHardCases(database: Database): Promise<void> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
  for (const id of [ACCOUNT, OTHER]) await rig.sync({ account: sandboxAccount(id, { label: `Acme "${id}"` }) });
  await rig.close();
  await database.$executeRaw`
    update cdd.cases as existing_case
    set
      payout_destination_name = hard.name,
      products = array['a,b', null, 'c"d'],
      payment_options = '{"a": [1.10, "æ\\n", null], "big": 12345678901234567890}'
    from (
      select row_number() over (order by id) as number, id from cdd.cases where account_id = ${ACCOUNT}
    ) as numbered
    join unnest(${HARD_NAMES}::text[]) with ordinality as hard (name, number) using (number)
    where existing_case.account_id = ${ACCOUNT} and existing_case.id = numbered.id`;
  await database.$executeRaw`
    update cdd.status_transitions set recorded_at = timestamptz '2026-11-01 22:59:59.999999Z' where sequence = 1`;
  await database.$executeRaw`
    update cdd.status_transitions set recorded_at = timestamptz '2026-11-01 23:00:00Z' where sequence = 2`;
  await database.$executeRaw`update cdd.report_settings set timezone = 'Europe/Oslo'`;
}
