alter table cdd.report_settings add column review_due_soon_days integer not null default 60;
comment on column cdd.report_settings.review_due_soon_days is 'reports.reviews.dueSoonDays of the configuration: a review is due soon for this number of days before it is due.';

create table cdd.review_rules (
  position integer not null,
  every_months integer not null,
  countries text[] not null default '{}',
  packages text[] not null default '{}',
  products text[] not null default '{}',
  facts jsonpath,
  constraint review_rules_pkey primary key (position),
  constraint review_rules_position_check check (position >= 0),
  constraint review_rules_months_check check (every_months >= 1)
);
comment on table cdd.review_rules is 'How often an approved case must be reviewed; from reports.reviews of the configuration, written when a worker starts. The first rule that matches wins.';
comment on column cdd.review_rules.position is 'Position in the configuration, from 1; 0 = the general interval, which matches every case and comes last.';
comment on column cdd.review_rules.every_months is 'Calendar months from one review to the next.';
comment on column cdd.review_rules.countries is 'The case''s country is one of these, in capitals; empty = any.';
comment on column cdd.review_rules.packages is 'Its package is one of these; empty = any.';
comment on column cdd.review_rules.products is 'It has one of these products; empty = any.';
comment on column cdd.review_rules.facts is 'A predicate on the facts of the case: each of the named facts has one of its values; null = any.';
insert into cdd.review_rules (position, every_months) values (0, 60);

alter table cdd.cases add column facts jsonb;
comment on column cdd.cases.facts is 'Values of the facts of reports.facts in the configuration that could be read from the newest document, by name, as in the current rows of cdd.case_facts; null = none.';
