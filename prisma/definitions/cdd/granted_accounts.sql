create or replace view cdd.granted_accounts as
select given.account_id
from cdd.reader_grants as given
join pg_catalog.pg_roles as reader on reader.rolname = given.role_name
where pg_has_role(current_user, reader.oid, 'usage');

comment on view cdd.granted_accounts is 'The accounts that the current user was granted one by one.';
