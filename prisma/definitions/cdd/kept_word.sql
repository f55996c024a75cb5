-- Words of the API: checkout, payex.creditcard, enable_payout_account, KYC. A name is mostly written with one capital letter
-- or with spaces, and a phone, organization or birth number has five digits in a row.
create or replace function cdd.kept_word(value jsonb)
returns jsonb
language sql
immutable
parallel safe
return case
  when jsonb_typeof(value) = 'string'
    and length(value #>> '{}') <= 40
    and (value #>> '{}') ~ '^([a-z][A-Za-z0-9]*|[A-Z][A-Z0-9]*)([._-][A-Za-z0-9]+)*$'
    and (value #>> '{}') !~ '[0-9]{5}'
    then value
end;

comment on function cdd.kept_word is 'A value that stays when its case is erased because it looks like a word of an enumeration; null for any other value.';
