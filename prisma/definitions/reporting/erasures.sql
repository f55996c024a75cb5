create or replace view reporting.erasures with (security_barrier) as
select
  receipt.account_id || '/' || receipt.case_id as case_key,
  receipt.account_id,
  receipt.case_id,
  receipt.erased_at,
  receipt.kind,
  -- Its author may have written a name.
  case when (select sees_names from cdd.current_reader) then receipt.reason end as reason,
  receipt.is_before_time,
  receipt.kept_until,
  receipt.kinds,
  coalesce(receipt.erased_by, receipt.erased_role) as erased_by,
  encode(receipt.digest, 'hex') as digest,
  receipt.link_number
from cdd.erasures as receipt
where (select sees_all from cdd.current_reader)
  or receipt.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.erasures is 'One row per receipt: when, why and by whom personal data of a case was removed from all tables. Rows are only added. Fresh: now.';
comment on column reporting.erasures.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.erasures.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.erasures.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.erasures.erased_at is 'When it was removed; all that was recorded up to then is without it.';
comment on column reporting.erasures.kind is 'erased: everything that is a person''s, and what is recorded later comes without it; reduced: what personalData of the configuration does not keep.';
comment on column reporting.erasures.reason is 'The reason that was given; null = the time was over, stored data was brought to today''s setting, or you may not see names.';
comment on column reporting.erasures.is_before_time is 'Whether the case had to be kept longer, or for ever; then a reason was given.';
comment on column reporting.erasures.kept_until is 'Until when it had to be kept, as in retention; null = for ever, it had not ended, or the receipt is of kind reduced.';
comment on column reporting.erasures.kinds is 'How many values of each kind were removed, of all versions of the document: names, organization_numbers, references, users, links, details, provider_cases, provider_references, request_ids, error_texts, other_fields, facts, rejected_items.';
comment on column reporting.erasures.erased_by is 'Login name of the user of the command or worker, else the database user.';
comment on column reporting.erasures.digest is 'SHA-256, in hexadecimal, of what is left of the case''s history; cdd-sync verify compares it with the tables.';
comment on column reporting.erasures.link_number is 'The link of the account''s digest chain that has this receipt.';
