-- "return" binds all names when the function is created, so it needs no search_path, and Postgres can inline it: the views
-- that use it are as fast as with the conditions written out.
create or replace function cdd.matches_rule(
  country_code text,
  package text,
  products text[],
  facts jsonb,
  rule_countries text[],
  rule_packages text[],
  rule_products text[],
  rule_facts jsonpath
)
returns boolean
language sql
immutable
parallel safe
return (rule_countries = '{}' or upper(country_code collate "C") = any (rule_countries))
  and (rule_packages = '{}' or package = any (rule_packages))
  and (rule_products = '{}' or products && rule_products)
  and (rule_facts is null or facts @@ rule_facts);

comment on function cdd.matches_rule is 'Whether a case meets all conditions of a rule of reports.reviews or retention.cases. Null is no.';
