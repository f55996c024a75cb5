-- Finds the few cases that are in the list of more than one account, without a search of the whole table.
create table cdd.case_ids (
  id uuid not null,
  is_shared boolean not null default false,
  constraint case_ids_pkey primary key (id)
);
comment on table cdd.case_ids is 'One row per case id, of whatever accounts. Its unique index makes two batches of two accounts wait for each other if both add the same case.';
comment on column cdd.case_ids.id is 'The case''s id.';
comment on column cdd.case_ids.is_shared is 'Whether more than one account has a case with this id.';
insert into cdd.case_ids (id, is_shared)
select id, count(*) > 1
from cdd.cases
group by id;
create index case_ids_shared_idx on cdd.case_ids (id) where is_shared;

comment on column cdd.cases.changed_at is 'When a run last changed the row: its content, its transitions, or its absence.';
update cdd.cases set changed_at = missing_since where missing_since > changed_at;

-- A new label is shown by reporting.cases from the next run on, which gives it a time that no reader has passed yet.
alter table cdd.accounts
  add column reported_label text,
  add column label_changed_at timestamptz(6);
update cdd.accounts set reported_label = label;
comment on column cdd.accounts.reported_label is 'The label that the reports on cases show: as of the last run that read the list.';
comment on column cdd.accounts.label_changed_at is 'When reported_label was last changed; null = never.';

alter table cdd.case_statuses add column changed_at timestamptz(6);
comment on column cdd.case_statuses.changed_at is 'When an upgrade last changed the stage; null = never.';

-- Stored, because computing it took longer than everything else in a query of all columns.
alter table cdd.cases add column currencies text[];
comment on column cdd.cases.currencies is 'The currencies of all payment_options, each once, by code point.';
update cdd.cases
set currencies = array(
  select currency.code
  from jsonb_array_elements(payment_options) as option (body)
  cross join jsonb_array_elements_text(
    case when not option.body @? 'strict $.currencies[*] ? (@.type() != "string")' then option.body -> 'currencies' end
  ) as currency (code)
  group by currency.code
  order by currency.code collate "C"
)
where payment_options is not null;
