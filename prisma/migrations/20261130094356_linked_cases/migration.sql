-- Numbers without a digit are words for "none", and link nothing.
create index cases_organization_idx on cdd.cases (organization_number)
where account_id like 'P%' and organization_number ~ '[0-9]';
