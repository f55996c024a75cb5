create or replace view cdd.granted_cases as
select account_id, id, first_seen_at
from cdd.cases
where (select sees_all from cdd.current_reader)
  or account_id in (select account_id from cdd.granted_accounts);

comment on view cdd.granted_cases is 'The cases that the current user sees, by id.';
