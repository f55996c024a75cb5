// The rows that runs would have saved of it.
import { factColumns, transitionFacts } from '../../../src/store/cases/sql/case-facts.ts';
import { laterDecisions } from '../../../src/store/cases/sql/later-decisions.ts';

const RUN = `'00000000-0000-4000-8000-000000000000'`;

/** A step as it is known now, and as it was known before its time was corrected. */
export const versionsOfStep = `
  select at, coalesce(really_corrected_at, recorded_at) as recorded_at, null::timestamptz as superseded_at
  union all
  select from_since + wrong_share * (at - from_since), recorded_at, really_corrected_at
  where really_corrected_at is not null`;

/** In the order in which runs would have recorded them. */
export const transitionsSql = `
  insert into cdd.status_transitions (
    account_id, case_id, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, recorded_at,
    superseded_at, run_id, from_since
  )
  select
    account_id, id, step, from_status, status, version.at, 'event', step, version.recorded_at, version.superseded_at,
    ${RUN}, from_since
  from public.happened
  cross join lateral (${versionsOfStep}) as version
  order by version.recorded_at`;

/** Facts are derived by case id alone, so the copies of cases that two accounts have come in a statement of their own. */
const inputTransitions = (isCopy: boolean) => `
  input_transitions as (
    select id as case_id, step as sequence, from_status, status as to_status, at as occurred_at, from_since
    from public.happened
    where is_copy = ${isCopy}
  )`;

/** Cases are deleted or go missing after their last transition. A few have a placeholder for a time, or one ahead. */
export const casesSql = (isCopy: boolean) => `
  with ${inputTransitions(isCopy)},
  ${transitionFacts.sql},
  recordings as (
    select
      id as case_id,
      min(recorded_at) as first_seen_at,
      max(coalesce(really_corrected_at, recorded_at)) as changed_at,
      max(error_at) as last_error_at
    from public.happened
    cross join lateral (select case when status = 'ERROR' then at end as error_at) as failed
    where is_copy = ${isCopy}
    group by id
  ),
  ended as (
    select
      *,
      case
        when random() < 0.03 then nullif(least(changed_at + random() * interval '60 days', now()), now())
      end as gone_at,
      random() < 0.67 as is_deleted
    from recordings
  )
  insert into cdd.cases (
    account_id, id, payout_destination_id, payout_destination_name, products, country_code, organization_number,
    created_at, updated_at, deleted_at, missing_since, first_seen_at, state_recorded_at, changed_at, fingerprint, last_error,
    last_error_at, ${Object.keys(factColumns).join(', ')}
  )
  select
    planned.account_id, planned.id, 'seller-' || left(planned.id::text, 8), 'Company ' || left(planned.id::text, 6),
    '{payout}', 'NO', planned.organization_number,
    case when random() < 0.0005 then '0001-01-01 00:00:00Z' else planned.opened_at end, facts.status_since,
    case
      when is_deleted and gone_at is not null then greatest(gone_at - interval '2 minutes', facts.status_since)
      when random() < 0.0005 then now() + interval '12 hours'
    end,
    case when not is_deleted then gone_at end,
    first_seen_at, coalesce(gone_at, changed_at), coalesce(gone_at, changed_at), sha256(planned.id::text::bytea),
    case when last_error_at is not null then 'The company register did not answer' end, last_error_at,
    ${Object.values(factColumns).join(', ')}
  from public.planned
  join transition_facts as facts on facts.case_id = planned.id
  join ended on ended.case_id = planned.id
  where planned.is_copy = ${isCopy}
  order by first_seen_at`;

export const laterDecisionsSql = (isCopy: boolean) => `
  with ${inputTransitions(isCopy)},
  ${transitionFacts.sql},
  ${laterDecisions.sql}
  insert into cdd.later_decisions (account_id, case_id, number, status, decision, route, opened_at, decided_at, left_at)
  select planned.account_id, decision.*
  from later_decisions as decision
  join public.planned on planned.id = decision.case_id and planned.is_copy = ${isCopy}
  where decision.decided_at is not null
  order by decision.decided_at`;

/** A revision for everything that was learned of a case at one time. */
export const revisionsSql = `
  insert into cdd.case_revisions (
    account_id, case_id, revision, body, deleted_at, recorded_at, superseded_at, run_id
  )
  select
    learned.account_id, learned.case_id, row_number() over way,
    case
      when learned.recorded_at is distinct from case_row.missing_since
      then jsonb_build_object('id', learned.case_id, 'created_at', case_row.created_at)
    end,
    case when learned.recorded_at = case_row.changed_at then case_row.deleted_at end,
    learned.recorded_at, lead(learned.recorded_at) over way, ${RUN}
  from (
    select account_id, case_id, recorded_at from cdd.status_transitions
    union
    select account_id, id, changed_at from cdd.cases
  ) as learned
  join cdd.cases as case_row on case_row.account_id = learned.account_id and case_row.id = learned.case_id
  window way as (partition by learned.account_id, learned.case_id order by learned.recorded_at)
  order by learned.recorded_at`;

/** Without bodies: no report reads them. */
export const eventsSql = `
  insert into cdd.event_revisions (
    account_id, case_id, id, revision, event, status, occurred_at, error, bodies_revision, place, recorded_at,
    superseded_at, run_id
  )
  select
    account_id, case_id, event_id,
    row_number() over (partition by account_id, case_id, event_id order by recorded_at),
    'case_updated', to_status, occurred_at,
    case when to_status = 'ERROR' then 'The company register did not answer' end,
    1, sequence - 1, recorded_at, superseded_at, run_id
  from cdd.status_transitions
  order by recorded_at`;
