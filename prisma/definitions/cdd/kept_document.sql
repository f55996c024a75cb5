-- Without "set", and with no parameter that has to be computed twice, so that Postgres inlines it: with keep, the first
-- load of a large account pays nothing for it.
create or replace function cdd.kept_document(document jsonb, personal_data text)
returns jsonb
language sql
immutable
parallel safe
return case personal_data
  when 'keep' then document
  when 'drop' then cdd.without_personal_data(document)
  -- An unknown setting stores least.
  else cdd.documented_fields(document)
end;

comment on function cdd.kept_document is 'The part of a case''s document that is stored with a setting of personalData: keep, drop or minimal.';
