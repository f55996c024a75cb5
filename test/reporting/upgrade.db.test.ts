import { expect } from 'vitest';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { migrationsBefore, rows, test } from '../support/migrations.ts';

const COHORTS_BY_DIFFERENCES = '20261126120000_report_speed';

const ROLL_UPS = ['backlog_days', 'flow_days', 'funnel_months', 'decision_months', 'transition_pairs'];

function rolledUp(url: string): Promise<Record<string, unknown>[][]> {
  return Promise.all(
    ROLL_UPS.map((table) =>
      rows(url, `select to_jsonb(held) - 'made_at' as row from cdd.${table} as held order by row`),
    ),
  );
}

test('what was noted, and not rolled up, before cohorts were counted by differences is rolled up by the upgrade', async ({
  empty,
  write,
}) => {
  await migrate(empty.url, await migrationsBefore(COHORTS_BY_DIFFERENCES, write));
  await rows(
    empty.url,
    `insert into cdd.accounts (id, environment) values ('P10000001', 'production');
     insert into cdd.cases (account_id, id, products, checks, first_seen_at, changed_at, fingerprint, status, status_since,
       opened_at, furthest_rank, transitions)
     select 'P10000001', gen_random_uuid(), '{}', '{}', now(), now(), sha256('x'), 'ACTIVE', at + interval '40 days', at, 60, 2
     from generate_series(timestamptz '2026-01-31 22:30Z', '2026-06-01', interval '7 days') as at;
     insert into cdd.status_transitions (account_id, case_id, sequence, from_status, from_since, to_status, occurred_at,
       occurred_at_source, event_id, recorded_at, run_id)
     select 'P10000001', id, 1, null, null, 'AUTOMATIC_REVIEW', opened_at, 'event', 1, now(), id from cdd.cases
     union all
     select 'P10000001', id, 2, 'AUTOMATIC_REVIEW', opened_at, 'ACTIVE', status_since, 'event', 2, now(), id from cdd.cases;
     update cdd.cases set first_decided_at = status_since, first_decision = 'approved', decision_route = 'automatic',
       first_approved_at = status_since`,
  );
  const pending = 'select count(*)::integer as notes from cdd.report_changes';
  expect(await rows(empty.url, pending)).not.toEqual([{ notes: 0 }]);

  await migrate(empty.url);
  expect(await rows(empty.url, pending)).toEqual([{ notes: 0 }]);
  const upgraded = await rolledUp(empty.url);
  expect(upgraded.map((table) => table.length > 0)).toEqual(ROLL_UPS.map(() => true));
  await rows(empty.url, `select cdd.rebuild_roll_ups('P10000001')`);
  expect(await rolledUp(empty.url)).toEqual(upgraded);
});
