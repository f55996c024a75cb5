create or replace function cdd.kept_account_id(value jsonb)
returns jsonb
language sql
immutable
parallel safe
return case when jsonb_typeof(value) = 'string' and value #>> '{}' ~ '^[PT]\d{8}$' then value end;

comment on function cdd.kept_account_id is 'A value that stays when its case is erased because it is an account id of Dintero; null for any other value.';
