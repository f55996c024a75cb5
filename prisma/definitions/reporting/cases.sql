create or replace view reporting.cases with (security_barrier) as
select
  held.account_id,
  account.label as account_label,
  case left(held.account_id, 1) when 'T' then 'test' else 'production' end as environment,
  held.id as case_id,
  held.payout_destination_id,
  held.payout_destination_name,
  held.organization_number,
  held.country_code,
  held.products,
  held.package,
  held.status,
  current.stage,
  held.status_since,
  (date_part('epoch', now() - held.status_since) / 0.0036)::bigint * 0.000001 as hours_in_status,
  (current.stage is null or current.stage in ('applicant', 'review', 'error', 'unknown'))
    and held.deleted_at is null
    and held.missing_since is null as is_open,
  held.opened_at,
  held.created_at,
  held.updated_at,
  held.deleted_at,
  held.missing_since,
  held.first_seen_at,
  held.first_decided_at,
  held.first_decision,
  held.first_approved_at,
  (date_part('epoch', held.first_decided_at - held.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_decision,
  (date_part('epoch', held.first_approved_at - held.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_approval,
  (
    (
      held.applicant_seconds
      + case when current.stage = 'applicant' then date_part('epoch', now() - held.status_since) else 0 end
    ) / 0.0036
  )::bigint * 0.000001 as applicant_hours,
  (
    (
      held.review_seconds
      + case when current.stage = 'review' then date_part('epoch', now() - held.status_since) else 0 end
    ) / 0.0036
  )::bigint * 0.000001 as review_hours,
  held.was_manual_review,
  held.transitions,
  held.times_reopened,
  held.times_left_active,
  held.last_error,
  held.last_error_at,
  least(held.deleted_at, held.missing_since) as gone_at,
  held.decision_route
from cdd.cases as held
left join cdd.accounts as account on account.id = held.account_id
left join cdd.case_statuses as current on current.status = held.status
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.cases is 'One row per case that was ever in an account''s list, deleted and missing ones included (see gone_at), with what its history says. Fresh: as saved by the account''s last run; durations run to now.';
comment on column reporting.cases.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.cases.account_label is 'The account''s name in the configuration; null = none was given.';
comment on column reporting.cases.environment is 'test for accounts that begin with T, production for P. The other views have no such column: look at account_id there.';
comment on column reporting.cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.cases.payout_destination_id is 'case_for.payout_destination_id; null = not given.';
comment on column reporting.cases.payout_destination_name is 'Name of the company that is paid out to; null = not given.';
comment on column reporting.cases.organization_number is 'Organization number of the company; null = not given.';
comment on column reporting.cases.country_code is 'Country of the company as the API writes it; null = not given.';
comment on column reporting.cases.products is 'Products applied for (payout, checkout); null = not given.';
comment on column reporting.cases.package is 'Pricing package; null = not given.';
comment on column reporting.cases.status is 'Current status, Dintero''s word; null = no event has had one yet.';
comment on column reporting.cases.stage is 'Stage of the current status; null = no status yet.';
comment on column reporting.cases.status_since is 'When the case came into its current status; null = no status yet.';
comment on column reporting.cases.hours_in_status is 'Hours since status_since, to now; null = no status yet. Runs on for cases that are gone.';
comment on column reporting.cases.is_open is 'Whether somebody has to do something: stage applicant, review, error or unknown, or no status yet, and neither deleted nor missing.';
comment on column reporting.cases.opened_at is 'When the first transition happened; without one, created_at. Null = neither is known.';
comment on column reporting.cases.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.cases.updated_at is 'Dintero''s updated_at; null = not given.';
comment on column reporting.cases.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column reporting.cases.first_seen_at is 'When a run first saved the case.';
comment on column reporting.cases.first_decided_at is 'When it first came into stage approved or declined; null = not decided yet.';
comment on column reporting.cases.first_decision is 'approved or declined: the stage it came into then; null = not decided yet.';
comment on column reporting.cases.first_approved_at is 'When it first came into stage approved; null = never.';
comment on column reporting.cases.hours_to_decision is 'Hours from opened_at to first_decided_at; null = not decided yet.';
comment on column reporting.cases.hours_to_approval is 'Hours from opened_at to first_approved_at; null = never approved.';
comment on column reporting.cases.applicant_hours is 'Hours in statuses of stage applicant, all stays together, a lasting one to now.';
comment on column reporting.cases.review_hours is 'Hours in statuses of stage review, all stays together, a lasting one to now.';
comment on column reporting.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column reporting.cases.transitions is 'How many changes of status it has had, the first included.';
comment on column reporting.cases.times_reopened is 'How often it went from stage approved, declined or closed back to applicant or review.';
comment on column reporting.cases.times_left_active is 'How often it left ACTIVE.';
comment on column reporting.cases.last_error is 'Error text of the newest event that has one; null = none.';
comment on column reporting.cases.last_error_at is 'When that event happened; null = no error, or the event has no time.';
comment on column reporting.cases.gone_at is 'The earlier of deleted_at and missing_since: from then on the case is in no backlog. Null = it is there.';
comment on column reporting.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not. Null = not decided yet.';
