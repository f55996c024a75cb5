create or replace view cdd.plain_ends as
select account_id, case_id, country_code, package, products, facts, erased_at, ended_at
from cdd.stored_ends as stored_end
where not stored_end.has_odd_times
  and not exists (
    select
    from cdd.legal_holds as hold
    where hold.account_id = stored_end.account_id and hold.case_id = stored_end.case_id and hold.released_at is null
  )
  and not exists (select from cdd.case_ids as shared_id where shared_id.id = stored_end.case_id and shared_id.is_shared);

comment on view cdd.plain_ends is 'The cases of stored_ends whose row tells everything: no odd times, no legal hold, in the list of one account only.';
