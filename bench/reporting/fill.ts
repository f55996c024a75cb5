import type pg from 'pg';
import { factColumns, transitionFacts } from '../../src/store/cases/sql/case-facts.ts';
import { laterDecisions } from '../../src/store/cases/sql/later-decisions.ts';

/** A realistic million of cases: three years of a platform with a hundred accounts, a few of them large. */
const ACCOUNTS = 100;
const DAYS = 1095;

/** Paths of a case: their share, and the hours of each stay; five transitions a case on average. */
const PATHS = `
  (30, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,ACTIVE}'),
  (22, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,UNDER_MANUAL_REVIEW,ACTIVE}'),
  (8, '{WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,UNDER_MANUAL_REVIEW,DECLINED}'),
  (10, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,ACTIVE,AUTOMATIC_REVIEW,ACTIVE}'),
  (6, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,UNDER_MANUAL_REVIEW,WAITING_FOR_DETAILS,AUTOMATIC_REVIEW,ACTIVE}'),
  (6, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,ACTIVE,ARCHIVED}'),
  (6, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,TERMINATED}'),
  (4, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION}'),
  (4, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE}'),
  (2, '{WAITING_FOR_DETAILS,WAITING_FOR_DECLARATION,WAITING_FOR_SIGNATURE,AUTOMATIC_REVIEW,ERROR}'),
  (2, '{WAITING_FOR_DETAILS,AUTOMATIC_REVIEW,PENDING_REGISTRY_UPDATE}')`;

/**
 * Fills a migrated, empty database with this number of cases and about five times as many transitions, in the order of
 * a first load, and rolls them up like the end of a run. Returns the ids of the accounts, largest first.
 */
export async function fillDatabase(client: pg.Client, cases: number): Promise<string[]> {
  await client.query(`
    insert into cdd.accounts (id, label, environment, last_success_at)
    select 'P' || 20000000 + n, 'Account ' || n, 'production', now()
    from generate_series(1, ${ACCOUNTS}) as n;
    insert into cdd.case_statuses values ('PENDING_REGISTRY_UPDATE', 'unknown', null, false);
    insert into cdd.status_targets values ('UNDER_MANUAL_REVIEW', 48), ('WAITING_FOR_SIGNATURE', 336);
    create unlogged table public.planned as
    select
      -- A square, so that the first accounts are much larger than the last.
      'P' || 20000001 + floor(${ACCOUNTS} * random() * random())::integer as account_id,
      gen_random_uuid() as id,
      now() - random() * interval '${DAYS} days' as opened_at,
      (
        select path
        from (
          select path, sum(weight) over (order by path) as upto
          from (values ${PATHS}) as known (weight, path)
        ) as weighed
        -- Names the row, lest one draw be made for all.
        where upto > 100 * random() + 0 * n
        order by upto
        limit 1
      )::text[] as path
    from generate_series(1, ${cases}) as n;`);
  await client.query(`
    insert into cdd.status_transitions (
      account_id, case_id, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, recorded_at, run_id, from_since
    )
    select
      account_id, id, step, lag(status) over way, status, at, 'event', step, now(),
      '00000000-0000-4000-8000-000000000000', lag(at) over way
    from (
      select
        account_id, id, step, status,
        opened_at + sum(case when step = 1 then 0 else -24 * ln(1 - random()) end)
          over (partition by id order by step) * interval '1 hour' as at
      from public.planned
      cross join unnest(path) with ordinality as gone (status, step)
    ) as timed
    where at <= now()
    window way as (partition by account_id, id order by step)
    -- As runs would have left them that saw it happen.
    order by at`);
  await client.query(`
    with input_transitions as (
      select * from cdd.status_transitions
    ),
    ${transitionFacts.sql},
    last_errors as (
      select case_id, 'The company register did not answer' as error, occurred_at
      from cdd.status_transitions
      where to_status = 'ERROR'
    )
    insert into cdd.cases (
      account_id, id, payout_destination_id, payout_destination_name, products, country_code, organization_number,
      created_at, updated_at, deleted_at, missing_since, first_seen_at, changed_at, fingerprint, last_error,
      last_error_at, ${Object.keys(factColumns).join(', ')}
    )
    select
      planned.account_id, planned.id, 'seller-' || left(planned.id::text, 8), 'Company ' || left(planned.id::text, 6),
      '{payout}', 'NO', lpad((random() * 999999999)::integer::text, 9, '0'),
      planned.opened_at, facts.status_since,
      case when random() < 0.02 then least(facts.status_since + interval '30 days', now()) end,
      case when random() < 0.01 then now() end,
      now(), now(), sha256(planned.id::text::bytea), last_error.error, last_error.occurred_at,
      ${Object.values(factColumns).join(', ')}
    from public.planned
    join transition_facts as facts on facts.case_id = planned.id
    left join last_errors as last_error on last_error.case_id = planned.id
    order by planned.opened_at`);
  await client.query(`
    with input_transitions as (
      select * from cdd.status_transitions
    ),
    ${transitionFacts.sql},
    ${laterDecisions.sql}
    insert into cdd.later_decisions (
      account_id, case_id, number, status, decision, route, opened_at, decided_at, left_at
    )
    select planned.account_id, decision.*
    from later_decisions as decision
    join public.planned on planned.id = decision.case_id
    where decision.decided_at is not null
    order by decision.decided_at`);
  await client.query(`
    insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
    select account_id, id, 1, jsonb_build_object('id', id), deleted_at, now(), '00000000-0000-4000-8000-000000000000'
    from cdd.cases`);
  // Without bodies: no report reads them.
  await client.query(`
    insert into cdd.event_revisions (
      account_id, case_id, id, revision, event, status, occurred_at, error, bodies_revision, place, recorded_at, run_id
    )
    select
      account_id, case_id, event_id, 1, 'case_updated', to_status, occurred_at,
      case when to_status = 'ERROR' then 'The company register did not answer' end,
      1, sequence - 1, recorded_at, run_id
    from cdd.status_transitions
    order by occurred_at`);
  await client.query('drop table public.planned');
  await client.query('vacuum analyze');
  await client.query(`select cdd.roll_up(id) from cdd.accounts`);
  await client.query('vacuum analyze');
  const { rows } = await client.query<{ id: string }>(
    `select account_id as id from cdd.cases group by account_id order by count(*) desc`,
  );
  return rows.map(({ id }) => id);
}
