-- Who was granted every account there is, one by one, is not asked about each row. Nobody sees more by it: a row is
-- written after its account is, so every snapshot with the row has the account, and accounts are not removed.
create or replace view cdd.current_reader as
select
  pg_has_role(current_user, owned.nspowner, 'usage')
  or exists (
    select
    from cdd.reader_grants as given
    join pg_catalog.pg_roles as reader on reader.rolname = given.role_name
    where given.account_id = '*' and pg_has_role(current_user, reader.oid, 'usage')
  )
  or not exists (
    select
    from cdd.accounts as account
    where account.id not in (select account_id from cdd.granted_accounts)
  ) as sees_all
from pg_catalog.pg_namespace as owned
where owned.nspname = 'cdd';

comment on view cdd.current_reader is 'Whether the current user sees every account: the owner of schema cdd, whom reader_grants says so of, and who was granted every one.';
