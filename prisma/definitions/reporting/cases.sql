create or replace view reporting.cases with (security_barrier) as
select
  case_row.account_id,
  -- A discovered merchant's label is its business name.
  case when (select sees_names from cdd.current_reader) or account.partner_id is null then account.reported_label end as account_label,
  case left(case_row.account_id, 1) when 'T' then 'test' else 'production' end as environment,
  case_row.id as case_id,
  case_row.payout_destination_id,
  case when (select sees_names from cdd.current_reader) then case_row.payout_destination_name end as payout_destination_name,
  case when (select sees_names from cdd.current_reader) then case_row.organization_number end as organization_number,
  case_row.country_code,
  case_row.products,
  case_row.package,
  case_row.present_status as status,
  current_status.stage,
  case_row.present_since::timestamptz(6) as status_since,
  (date_part('epoch', case_row.present_until - case_row.present_since) / 0.0036)::bigint * 0.000001 as hours_in_status,
  -- The first condition only spares most cases the joins below: Postgres can check it while it reads the table.
  (case_row.has_odd_times or case_row.status is null or case_row.status not in ('ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED'))
    and cdd.is_open_stage(current_status.stage)
    and coalesce(case_row.deleted_at > now(), true)
    and case_row.missing_since is null as is_open,
  case_row.opened_at,
  case_row.created_at,
  case_row.updated_at,
  case_row.deleted_at,
  case_row.missing_since,
  case_row.first_seen_at,
  case_row.first_decided_at,
  case_row.first_decision,
  case_row.first_approved_at,
  (date_part('epoch', case_row.first_decided_at - case_row.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_decision,
  (date_part('epoch', case_row.first_approved_at - case_row.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_approval,
  (
    (
      case_row.past_applicant_seconds
      + case
        when current_status.stage = 'applicant' then date_part('epoch', case_row.present_until - case_row.present_since)
        else 0
      end
    ) / 0.0036
  )::bigint * 0.000001 as applicant_hours,
  (
    (
      case_row.past_review_seconds
      + case
        when current_status.stage = 'review' then date_part('epoch', case_row.present_until - case_row.present_since)
        else 0
      end
    ) / 0.0036
  )::bigint * 0.000001 as review_hours,
  case_row.was_manual_review,
  case_row.transitions,
  case_row.times_reopened,
  case_row.times_left_active,
  case_row.last_error,
  case_row.last_error_at,
  least(case_row.deleted_at, case_row.missing_since) as gone_at,
  case_row.decision_route,
  case_row.account_id || '/' || case_row.id as case_key,
  case_row.reference_id,
  case_row.case_for_account_id,
  case_row.owner_account_id,
  case_row.payout_reference,
  case_row.checks,
  case_row.payment_options,
  case_row.currencies,
  case_row.actions_on_approval,
  case_row.requires_contract_signing,
  -- There are two products. Without these cases, a subquery for each row took half as long as everything else.
  case
    when case_row.products = '{}' then ''
    when cardinality(case_row.products) = 1 then case_row.products[1]
    when case_row.products in ('{checkout,payout}', '{payout,checkout}') then 'checkout, payout'
    when case_row.products is not null then array_to_string(
      array(
        select product
        from unnest(case_row.products) as product
        group by product
        order by product collate "C"
      ),
      ', '
    )
  end as products_text,
  greatest(
    case_row.changed_at,
    account.label_changed_at,
    current_status.changed_at,
    -- A status and a deletion that lay in the future when they were recorded. Those of the past are older than changed_at.
    case when case_row.present_since <= now() then case_row.present_since end,
    case when case_row.deleted_at <= now() then case_row.deleted_at end,
    case
      when shared_id.id is not null then (
        select max(same_case.first_seen_at)
        from cdd.granted_cases as same_case
        where same_case.id = case_row.id
      )
    end
  )::timestamptz(6) as changed_at,
  case
    when shared_id.id is null then 1
    else (
      select count(*)::integer
      from cdd.granted_cases as same_case
      where same_case.id = case_row.id
    )
  end as accounts_with_case,
  shared_id.id is null
    or not exists (
      select
      from cdd.granted_cases as earlier_case
      where earlier_case.id = case_row.id
        and (left(earlier_case.account_id, 1) = 'T', earlier_case.first_seen_at, earlier_case.account_id collate "C")
          < (left(case_row.account_id, 1) = 'T', case_row.first_seen_at, case_row.account_id collate "C")
    ) as is_primary
from (
  select
    stored_case.*,
    case when present.case_id is null then stored_case.status else present.status end as present_status,
    case when present.case_id is null then stored_case.status_since else present.since end as present_since,
    case when present.case_id is null then stored_case.applicant_seconds else present.applicant_seconds end
      as past_applicant_seconds,
    case when present.case_id is null then stored_case.review_seconds else present.review_seconds end
      as past_review_seconds,
    -- A case may be deleted before it entered its status.
    greatest(
      least(now(), stored_case.deleted_at, stored_case.missing_since),
      case when present.case_id is null then stored_case.status_since else present.since end
    ) as present_until
  from cdd.cases as stored_case
  left join cdd.present_statuses as present
    on present.account_id = stored_case.account_id and present.case_id = stored_case.id
) as case_row
left join cdd.accounts as account on account.id = case_row.account_id
left join cdd.case_statuses as current_status on current_status.status = case_row.present_status
left join cdd.case_ids as shared_id on shared_id.id = case_row.id and shared_id.is_shared
where (select sees_all from cdd.current_reader)
  or case_row.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.cases is 'One row per case that was ever in an account''s list, deleted and missing ones included (see gone_at), with facts from its history. Fresh: as saved by the account''s last run; durations run to now, those of a gone case to gone_at. Statuses that lie in the future count as not reached yet.';
comment on column reporting.cases.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.cases.account_label is 'The account''s name in the configuration as of its last run; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.cases.environment is 'test for account ids that begin with T, production for P. The other views have no such column: use account_id there.';
comment on column reporting.cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.cases.payout_destination_id is 'case_for.payout_destination_id; null = not given.';
comment on column reporting.cases.payout_destination_name is 'Name of the payout destination, a company or a sole trader; null = not given, or you may not see names.';
comment on column reporting.cases.organization_number is 'Organization number of a company or a sole trader; null = not given, or you may not see names.';
comment on column reporting.cases.country_code is 'Country as the API writes it; null = not given.';
comment on column reporting.cases.products is 'Products applied for (payout, checkout); null = not given.';
comment on column reporting.cases.package is 'Pricing package; null = not given.';
comment on column reporting.cases.status is 'Current status, Dintero''s word; null = no event has had a status yet, or only in the future.';
comment on column reporting.cases.stage is 'Stage of the current status; null = no status yet.';
comment on column reporting.cases.status_since is 'When the case entered its current status; null = no status yet.';
comment on column reporting.cases.hours_in_status is 'Hours from status_since to now, or to gone_at; null = no status yet.';
comment on column reporting.cases.is_open is 'Whether somebody must still act: stage applicant, review, error or unknown, or no status yet, and neither deleted nor missing by now.';
comment on column reporting.cases.opened_at is 'When the first transition happened; without one, created_at. Null = neither is known.';
comment on column reporting.cases.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.cases.updated_at is 'Dintero''s updated_at; null = not given.';
comment on column reporting.cases.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column reporting.cases.first_seen_at is 'When a run first saved the case.';
comment on column reporting.cases.first_decided_at is 'When it first reached stage approved or declined; null = not decided yet.';
comment on column reporting.cases.first_decision is 'The stage it reached then: approved or declined; null = not decided yet.';
comment on column reporting.cases.first_approved_at is 'When it first reached stage approved; null = never.';
comment on column reporting.cases.hours_to_decision is 'Hours from opened_at to first_decided_at; null = not decided yet.';
comment on column reporting.cases.hours_to_approval is 'Hours from opened_at to first_approved_at; null = never approved.';
comment on column reporting.cases.applicant_hours is 'Total hours in statuses of stage applicant; a present stay counts to now, or to gone_at.';
comment on column reporting.cases.review_hours is 'Total hours in statuses of stage review; a present stay counts to now, or to gone_at.';
comment on column reporting.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column reporting.cases.transitions is 'Number of its changes of status, the first included.';
comment on column reporting.cases.times_reopened is 'How often it went from stage approved, declined or closed back to applicant or review.';
comment on column reporting.cases.times_left_active is 'How often it left ACTIVE.';
comment on column reporting.cases.last_error is 'Error text of the newest event that has one; null = none.';
comment on column reporting.cases.last_error_at is 'When that event happened; null = no error, or the event has no time.';
comment on column reporting.cases.gone_at is 'The earlier of deleted_at and missing_since: from then on the case is gone and in no backlog. Null = not gone.';
comment on column reporting.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not. Null = not decided yet.';
comment on column reporting.cases.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.cases.reference_id is 'case_request.referenceId; null = not given.';
comment on column reporting.cases.case_for_account_id is 'case_for.account_id: the account that the case is about; null = not given.';
comment on column reporting.cases.owner_account_id is 'The case''s own account_id at Dintero, which may differ from the account that has it in its list; null = not given.';
comment on column reporting.cases.payout_reference is 'case_for.payout_reference; null = not given.';
comment on column reporting.cases.checks is 'case_request.checks, such as KYC; null = not given.';
comment on column reporting.cases.payment_options is 'Payment options applied for, as the API gave them: type and currencies of each. Null = not given.';
comment on column reporting.cases.currencies is 'Currencies of all payment options, each once, sorted, without those that cannot be read. Null = payment_options is null.';
comment on column reporting.cases.actions_on_approval is 'Actions that follow the approval, such as enable_payout_account; null = not given.';
comment on column reporting.cases.requires_contract_signing is 'case_request.requireContractSigning; null = not given.';
comment on column reporting.cases.products_text is 'products as one text, for tools that cannot filter by an array: each product once, sorted, such as "checkout, payout". Null = products is null.';
comment on column reporting.cases.changed_at is 'When anything that the row shows last changed, apart from durations that run to now: the cursor of an incremental model. Also moves when a status or deletion that lay in the future arrives, when another of your accounts gets the case, when the account''s label is changed, and when an upgrade changes the stage of the status. Does not move when you are granted another account.';
comment on column reporting.cases.accounts_with_case is 'How many of the accounts that you see have this case_id.';
comment on column reporting.cases.is_primary is 'True for exactly one of the rows with this case_id that you see: in a production account before a test account, then the one seen first, then by account_id. Totals over several accounts filter by it, lest such a case count twice.';
