-- The filter of every view reads this first, and cdd.granted_accounts only if it is false. A join to the accounts instead
-- became a nested loop in large queries. A role with a grant for each existing account counts as seeing all, which saves
-- the check of every row. It sees no more than it may: an account's row is written before all its other rows and is never
-- removed, so a snapshot that has any row of an account has the account too.
--
-- A worker's role that does not own the schema has no grants, and reads the tables themselves. Without the condition on
-- them, its messages and pages would be about no case at all.
--
-- One grant without names hides them everywhere, whatever else the user was granted. Otherwise a role granted without
-- names would see them as soon as somebody made it a member of another role.
create or replace view cdd.current_reader as
select
  pg_has_role(current_user, own_schema.nspowner, 'usage')
  or exists (
    select
    from cdd.reader_grants as reader_grant
    join pg_catalog.pg_roles as granted_role on granted_role.rolname = reader_grant.role_name
    where reader_grant.account_id = '*' and pg_has_role(current_user, granted_role.oid, 'usage')
  )
  or (
    has_schema_privilege(current_user, own_schema.oid, 'usage')
    and has_table_privilege(current_user, 'cdd.cases'::regclass, 'select')
    and not exists (select from cdd.granted_accounts)
  )
  or not exists (
    select
    from cdd.accounts as account
    where account.id not in (select account_id from cdd.granted_accounts)
  ) as sees_all,
  pg_has_role(current_user, own_schema.nspowner, 'usage')
  or not exists (
    select
    from cdd.reader_grants as reader_grant
    join pg_catalog.pg_roles as granted_role on granted_role.rolname = reader_grant.role_name
    where not reader_grant.with_names and pg_has_role(current_user, granted_role.oid, 'usage')
  ) as sees_names
from pg_catalog.pg_namespace as own_schema
where own_schema.nspname = 'cdd';

comment on view cdd.current_reader is 'What the current user sees. sees_all: every account, because it owns schema cdd, may read its tables and has no grants, was granted *, or was granted every single account. sees_names: names and organization numbers, because it owns schema cdd, or has no grant without them.';
