// Cases, and what happened to them.

/** A realistic million of cases: three years of a platform with a hundred accounts, a few of them large. */
const ACCOUNTS = 100;
const TEST_ACCOUNTS = 5;
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

export const accountsSql = `
  insert into cdd.accounts (id, label, environment, last_success_at)
  select 'P' || 20000000 + n, 'Account ' || n, 'production', now() from generate_series(1, ${ACCOUNTS}) as n
  union all
  select 'T' || 20000000 + n, 'Test account ' || n, 'test', now() from generate_series(1, ${TEST_ACCOUNTS}) as n;
  insert into cdd.case_statuses values ('PENDING_REGISTRY_UPDATE', 'unknown', null, false);
  insert into cdd.status_targets values ('UNDER_MANUAL_REVIEW', 48), ('WAITING_FOR_SIGNATURE', 336)`;

/** Some cases are in the lists of two accounts, and some in those of test accounts. */
export const plannedSql = (cases: number) => `
  create unlogged table public.planned as
  select
    case
      when n % 200 = 0 then 'T' || 20000001 + n / 200 % ${TEST_ACCOUNTS}
      -- A square, so that the first accounts are much larger than the last.
      else 'P' || 20000001 + floor(${ACCOUNTS} * random() * random())::integer
    end as account_id,
    gen_random_uuid() as id,
    now() - random() * interval '${DAYS} days' as opened_at,
    -- A quarter of the applicants applied more than once.
    (810000000 + floor(random() * 1.8 * ${cases}))::text as organization_number,
    (
      select path
      from (
        select path, sum(weight) over (order by path) as upto
        from (values ${PATHS}) as known (weight, path)
      ) as weighed
      -- The term with n makes the subquery depend on the row: otherwise Postgres draws once for all rows.
      where upto > 100 * random() + 0 * n
      order by upto
      limit 1
    )::text[] as path,
    false as is_copy
  from generate_series(1, ${cases}) as n;
  insert into public.planned
  select 'P' || 20000001 + (right(account_id, 8)::integer - 20000000) % ${ACCOUNTS}, id, opened_at, organization_number, path, true
  from public.planned
  where account_id like 'P%' and random() < 0.003`;

/**
 * What happened, and when runs learned it: nearly always within five minutes; of one event in fifty only within weeks,
 * together with all later ones of the case. The time of one in 33 last transitions is corrected afterwards.
 */
export const happenedSql = `
  create unlogged table public.happened as
  select
    *,
    case
      when is_last and step > 1 and random() < 0.03 and corrected_at < now() then corrected_at
    end as really_corrected_at,
    -- Of the time since the step before: where the step was first believed to be.
    random() as wrong_share
  from (
    select
      account_id,
      id,
      is_copy,
      step,
      status,
      at,
      lag(status) over way as from_status,
      lag(at) over way as from_since,
      lead(step) over way is null as is_last,
      recorded_at,
      recorded_at + random() * interval '40 days' as corrected_at
    from (
      select
        *,
        least(
          max(at + random() * case when random() < 0.02 then interval '20 days' else interval '5 minutes' end)
            over (partition by account_id, id order by step),
          now()
        ) as recorded_at
      from (
        select
          account_id, id, is_copy, step, status,
          opened_at + sum(case when step = 1 then 0 else -24 * ln(1 - random()) end)
            over (partition by account_id, id order by step) * interval '1 hour' as at
        from public.planned
        cross join unnest(path) with ordinality as gone (status, step)
      ) as timed
      where at <= now()
    ) as learned
    window way as (partition by account_id, id order by step)
  ) as chained`;
