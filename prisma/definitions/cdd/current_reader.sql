-- The filter of every view reads this first, and cdd.granted_accounts only if it is false. A join to the accounts instead
-- became a nested loop in large queries. A role with a grant for each existing account counts as seeing all, which saves
-- the check of every row. It sees no more than it may: an account's row is written before all its other rows and is never
-- removed, so a snapshot that has any row of an account has the account too.
create or replace view cdd.current_reader as
select
  pg_has_role(current_user, own_schema.nspowner, 'usage')
  or exists (
    select
    from cdd.reader_grants as reader_grant
    join pg_catalog.pg_roles as granted_role on granted_role.rolname = reader_grant.role_name
    where reader_grant.account_id = '*' and pg_has_role(current_user, granted_role.oid, 'usage')
  )
  or not exists (
    select
    from cdd.accounts as account
    where account.id not in (select account_id from cdd.granted_accounts)
  ) as sees_all
from pg_catalog.pg_namespace as own_schema
where own_schema.nspname = 'cdd';

comment on view cdd.current_reader is 'Whether the current user sees every account: it owns schema cdd, was granted *, or was granted every single account.';
