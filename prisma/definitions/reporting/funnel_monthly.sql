create or replace view reporting.funnel_monthly with (security_barrier) as
select
  funnel.month,
  funnel.account_id,
  sum(funnel.opened)::integer as opened,
  sum(funnel.reached_declaration)::integer as reached_declaration,
  sum(funnel.reached_signature)::integer as reached_signature,
  sum(funnel.reached_review)::integer as reached_review,
  sum(funnel.decided)::integer as decided,
  sum(funnel.approved)::integer as approved,
  sum(funnel.declined)::integer as declined,
  sum(funnel.still_open)::integer as still_open,
  round(sum(funnel.approved)::numeric / nullif(sum(funnel.decided), 0), 6) as approval_rate,
  sum(funnel.decided_within_24h)::integer as decided_within_24h
from cdd.funnel_months as funnel
where (select sees_all from cdd.current_reader)
  or funnel.account_id in (select account_id from cdd.granted_accounts)
-- A month has a second row for cases with times in the future.
group by funnel.account_id, funnel.month;

comment on view reporting.funnel_monthly is 'One row per account and month in which cases were opened: how far those cases have come. Months are of the configured time zone. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.funnel_monthly.month is 'First day of the month of opened_at, in the configured time zone.';
comment on column reporting.funnel_monthly.account_id is 'Dintero''s account id (aid).';
comment on column reporting.funnel_monthly.opened is 'Cases opened in the month.';
comment on column reporting.funnel_monthly.reached_declaration is 'Cases of the month that ever had WAITING_FOR_DECLARATION or a status of higher rank, except statuses of stage closed.';
comment on column reporting.funnel_monthly.reached_signature is 'The same for WAITING_FOR_SIGNATURE.';
comment on column reporting.funnel_monthly.reached_review is 'The same for AUTOMATIC_REVIEW.';
comment on column reporting.funnel_monthly.decided is 'Cases of the month that were ever approved or declined.';
comment on column reporting.funnel_monthly.approved is 'Cases of the month that were ever approved.';
comment on column reporting.funnel_monthly.declined is 'Cases of the month that were ever declined; a case that was approved and declined counts in both.';
comment on column reporting.funnel_monthly.still_open is 'Cases of the month that are open (is_open in cases).';
comment on column reporting.funnel_monthly.approval_rate is 'approved / decided, from 0 to 1; null = none is decided yet.';
comment on column reporting.funnel_monthly.decided_within_24h is 'Cases of the month that were decided within 24 hours of being opened.';
