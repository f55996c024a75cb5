// Names and organization numbers in every place that reports show, and where a reader finds them.
import type pg from 'pg';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { ACCOUNT, createRig } from '../rig.ts';
import { sandboxAccount } from '../sandbox-account.ts';
import { item } from './listed-history.ts';
import { FUNCTIONS, views } from './views.ts';

export const MERCHANT = 'P11200001';
export const LABEL = 'Our shop';

/** The names and organization numbers of all cases and accounts. */
export const NAMES = {
  first: 'Kari Frisør',
  later: 'Kari Hansen Frisør',
  other: 'Ola Rørlegger',
  merchant: 'Merchant Nordmann',
  firstNumber: '987654321',
  laterNumber: '912345678',
  otherNumber: '923456789',
};

function application(
  number: number,
  { name, organizationNumber }: { name: string; organizationNumber: string },
): JsonObject {
  return item(number, {
    created_at: '2026-01-05T10:00:00Z',
    case_for: {
      payout_destination_id: `seller-${number}`,
      payout_destination_name: name,
      payout_destination_description: `Payouts to ${name}`,
    },
    case_request: { countryCode: 'NO', organizationNumber, details: { companyName: name } },
    events: [
      { id: 1, event: 'created', case_status: 'WAITING_FOR_DETAILS', created_at: '2026-01-05T10:00:00Z' },
      {
        id: 2,
        event: 'failed',
        created_at: '2026-01-06T10:00:00Z',
        error: 'timeout',
        case: { name, organizationNumber },
      },
      { id: 3, event: 'decided', case_status: 'ACTIVE', created_at: '2026-01-07T10:00:00Z' },
    ],
  });
}

/** Two accounts; a case whose name and number change, and two cases that come to have one number. */
export async function fillNames(database: Database): Promise<void> {
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: { ACTIVE: 1 },
    reports: { facts: { seller: '$.case_for.payout_destination_name' } },
  });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const account = sandboxAccount(ACCOUNT, { label: LABEL });
  const other = application(2, { name: NAMES.other, organizationNumber: NAMES.laterNumber });
  for (const [name, organizationNumber] of [
    [NAMES.first, NAMES.firstNumber],
    [NAMES.later, NAMES.laterNumber],
  ] as const) {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([application(1, { name, organizationNumber }), other]));
    await rig.sync({ account });
  }
  const list = JSON.stringify([application(3, { name: NAMES.other, organizationNumber: NAMES.otherNumber })]);
  rig.sandbox.world.serve(MERCHANT, list);
  await rig.sync({ account: sandboxAccount(MERCHANT, { label: NAMES.merchant, partner: 'P11200000' }) });
  await database.$executeRaw`update cdd.accounts set enabled = true`;
  await rig.close();
}

/** The views and functions of which any column shows one of the names, each with the names that it shows. */
export async function shownNames(client: pg.Client): Promise<Record<string, string[]>> {
  await client.query('set jit = off');
  const result: Record<string, string[]> = {};
  for (const source of [...(await views(client)).map(({ name }) => name), ...FUNCTIONS]) {
    const { rows } = await client.query<{ name: string }>(
      `select wanted.name
       from unnest($1::text[]) as wanted (name)
       where exists (select from reporting.${source} as shown_row where strpos(to_jsonb(shown_row)::text, wanted.name) > 0)
       order by 1`,
      [Object.values(NAMES)],
    );
    if (rows.length > 0) result[source] = rows.map(({ name }) => name);
  }
  return result;
}
