create or replace view cdd.granted_accounts as
select reader_grant.account_id
from cdd.reader_grants as reader_grant
join pg_catalog.pg_roles as granted_role on granted_role.rolname = reader_grant.role_name
where pg_has_role(current_user, granted_role.oid, 'usage');

comment on view cdd.granted_accounts is 'The accounts that were granted to the current user one by one.';
