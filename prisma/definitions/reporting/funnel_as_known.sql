-- Inlined like cases_as_of, so that a caller's filters by account and month reach the tables. "(select known_at)" is
-- computed once.
create or replace function reporting.funnel_as_known(known_at timestamptz default reporting.known_until())
returns table (
  month date,
  account_id text,
  opened integer,
  reached_declaration integer,
  reached_signature integer,
  reached_review integer,
  decided integer,
  approved integer,
  declined integer,
  still_open integer,
  approval_rate numeric,
  decided_within_24h integer
)
language sql
stable
parallel safe
begin atomic
  select
    opened_case.month,
    opened_case.account_id,
    count(*)::integer,
    (count(*) filter (where opened_case.furthest_rank >= 20))::integer,
    (count(*) filter (where opened_case.furthest_rank >= 30))::integer,
    (count(*) filter (where opened_case.furthest_rank >= 40))::integer,
    count(opened_case.first_decided_at)::integer,
    (count(*) filter (where opened_case.is_approved))::integer,
    (count(*) filter (where opened_case.is_declined))::integer,
    (count(*) filter (where opened_case.is_open))::integer,
    round(
      (count(*) filter (where opened_case.is_approved))::numeric / nullif(count(opened_case.first_decided_at), 0), 6
    ),
    (count(*) filter (where opened_case.first_decided_at - opened_case.opened_at <= interval '24 hours'))::integer
  from (
    select
      state.account_id,
      cdd.month_of(
        state.opened_at,
        (select cdd.calendar_begins(interval '1 month', least(known_at, now()), timezone) from reporting.settings)
      ) as month,
      state.opened_at,
      state.first_decided_at,
      state.furthest_rank,
      state.first_approved_at is not null as is_approved,
      state.first_declined_at is not null as is_declined,
      state.gone_at is null
        and cdd.is_open_stage(status_row.stage) as is_open
    from reporting.case_states as state
    left join reporting.statuses as status_row on status_row.status = state.status
    where state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and state.opened_at is not null
      and not state.has_odd_times
    union all
    -- Cases with a time that lay in the future when it was learned, by what had happened at known_at.
    select
      state.account_id,
      cdd.month_of(
        state.opened_at,
        (select cdd.calendar_begins(interval '1 month', least(known_at, now()), timezone) from reporting.settings)
      ),
      state.opened_at,
      past.first_decided_at,
      past.furthest_rank,
      past.is_approved,
      past.is_declined,
      cdd.is_open_stage(past.stage)
        and coalesce(state.gone_at > (select least(known_at, now())), true)
    from reporting.case_states as state
    cross join lateral (
      select
        min(transition.occurred_at) filter (where reached.stage in ('approved', 'declined')) as first_decided_at,
        max(reached.rank) filter (where reached.stage <> 'closed') as furthest_rank,
        count(*) filter (where reached.stage = 'approved') > 0 as is_approved,
        count(*) filter (where reached.stage = 'declined') > 0 as is_declined,
        (array_agg(reached.stage order by transition.sequence desc))[1] as stage
      from reporting.status_history as transition
      join reporting.statuses as reached on reached.status = transition.to_status
      where transition.account_id = state.account_id
        and transition.case_id = state.case_id
        and transition.recorded_at <= (select known_at)
        and (transition.superseded_at is null or transition.superseded_at > (select known_at))
        and transition.occurred_at <= (select least(known_at, now()))
    ) as past
    where state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and state.opened_at <= (select least(known_at, now()))
      and state.has_odd_times
      and not cdd.has_time_outside(
        (select least(known_at, now()) + interval '1 day'),
        state.opened_at, state.status_since, state.created_at, state.deleted_at
      )
  ) as opened_case
  group by opened_case.account_id, opened_case.month;
end;

comment on function reporting.funnel_as_known is 'reporting.funnel_monthly as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';
