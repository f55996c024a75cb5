// The invented cases behind docs/reporting.md: two accounts of a sandbox, read at fixed times of its clock.
import { dueTimesAfter, dueTimesAfterChange } from '../../src/schedule/staleness.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { saveSchedules } from '../../src/store/accounts/schedules.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { rollUp } from '../../src/store/reports/after-run.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { createRig, type Rig } from '../../test/support/rig.ts';
import { sandboxAccount } from '../../test/support/sandbox-account.ts';
import { ACME, BAKERIET, lateFacts } from './late-facts.ts';
import { toWorldTime } from './world-time.ts';

const schedule = '0 */8 * * *';
const ACCOUNTS = [
  sandboxAccount(ACME, { label: 'Acme Norge', schedule }),
  sandboxAccount(BAKERIET, { label: 'Bakeriet', schedule }),
];
const HOUR = 3_600_000;
/** The days on which the lists are read. October is reported on 1 November; the last day is "today". */
const DAYS = ['2025-10-20', '2025-11-01', '2025-11-03', '2025-11-10', '2025-11-20'];
const readAt = (day: string) => `${day}T06:00:00.000Z`;

/** The value of `now()` in the document's queries: an hour after the last reading. */
export const TODAY = '2025-11-20 08:00:00+01';
export const TIMEZONE = 'Europe/Oslo';

/** In English in parts/questions.md. */
const REPORTS = {
  facts: { risk_level: '$.events[last].case.risk_level' },
  calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: [] },
  reviews: {
    everyMonths: 60,
    dueSoonDays: 60,
    rules: [
      { everyMonths: 6, when: { countries: [], packages: ['enterprise'], products: [], facts: {} } },
      { everyMonths: 12, when: { countries: [], packages: [], products: ['checkout'], facts: {} } },
    ],
  },
};

const RETENTION = {
  cases: {
    years: 5,
    rules: [{ years: 10, when: { countries: [], packages: ['enterprise'], products: [], facts: {} } }],
  },
};

/** Fills a migrated, empty database. The result is the same every time, except for the ids of runs. */
export async function fillFromSandbox(database: Database): Promise<void> {
  const statusTargets = { UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: 336 };
  await applyReportSettings(database, { timezone: TIMEZONE, statusTargets, reports: REPORTS, retention: RETENTION });
  const [first = ''] = DAYS;
  const accounts = [
    { id: ACME, name: 'Acme Norge', cases: 364 },
    { id: BAKERIET, name: 'Bakeriet', cases: 182 },
  ];
  const rig = await createRig(database, { sandbox: { seed: 1, start: readAt(first), accounts } });
  try {
    for (const day of DAYS) {
      const { world } = rig.sandbox;
      world.advance({ hours: (Date.parse(readAt(day)) - Date.parse(world.now())) / HOUR });
      lateFacts[day]?.(world);
      await readLists(database, rig, day);
    }
    await addMessages(database);
    await addHold(database);
  } finally {
    await rig.close();
  }
}

/** An account was late for an hour and a half. */
async function addMessages(database: Database): Promise<void> {
  await database.$executeRaw`
    insert into cdd.notice_items (channel, kind, account_id, phase, began_at, items, new_items, judged_at, sent_at, message_id)
    select
      'ops', 'account_stale', ${ACME}, phase, '2025-11-18 08:00+01', 0, 0, at, at + interval '1 second', message_id
    from (
      values
        ('began', timestamptz '2025-11-18 08:15+01', uuid '4f1c0a52-7f0e-4d5f-9c8c-0d7b6a1f2e01'),
        ('over', timestamptz '2025-11-18 09:45+01', uuid '4f1c0a52-7f0e-4d5f-9c8c-0d7b6a1f2e02')
    ) as told (phase, at, message_id)`;
  await database.$executeRaw`
    insert into cdd.notice_channels (channel, last_sent_at)
    values ('ops', '2025-11-18 09:45:01+01')`;
}

/** A case that ended was held for a while, another one still is. */
async function addHold(database: Database): Promise<void> {
  await database.$executeRaw`
    insert into cdd.legal_holds (
      account_id, case_id, held_at, reason, held_by, held_role, released_at, release_reason, released_by, released_role
    )
    select
      account_id, case_id, '2025-11-12 09:30+01', 'request of the financial intelligence unit, 25/1187', 'kari', 'cdd',
      released_at, case when released_at is not null then 'the request was withdrawn' end,
      case when released_at is not null then 'kari' end, case when released_at is not null then 'cdd' end
    from (
      select account_id, case_id, row_number() over (order by ended_at, case_id) as position
      from reporting.retention
      where state = 'kept' and account_id = ${ACME}
    ) as ended_case
    join (values (1, null), (2, timestamptz '2025-11-18 14:00+01')) as hold (position, released_at) using (position)`;
}

async function readLists(database: Database, rig: Rig, day: string): Promise<void> {
  for (const account of ACCOUNTS) {
    const { state, error_message } = await rig.sync({ account });
    if (state !== 'succeeded' && state !== 'partial') throw new Error(`${account.id} on ${day}: ${error_message}`);
  }
  // Syncing one account disables the other.
  await saveAccounts(database, ACCOUNTS);
  await toWorldTime(database, readAt(day));
  await database.$executeRaw`update cdd.accounts set schedule = null, schedule_timezone = null`;
  await saveSchedules(database, ACCOUNTS, TIMEZONE, { dueTimesAfter, dueTimesAfterChange });
  for (const { id } of ACCOUNTS) await rollUp(database, id);
  // Without statistics a reading sometimes takes seconds, and autovacuum may not have run yet.
  await database.$executeRaw`analyze`;
}
