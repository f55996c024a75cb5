create table cdd.configured_facts (
  fact text not null,
  path jsonpath not null,
  constraint configured_facts_pkey primary key (fact)
);
comment on table cdd.configured_facts is 'reports.facts of the configuration, written when a worker starts. A batch shares a lock of this table from its beginning, so a change waits for batches that read the facts of before.';
comment on column cdd.configured_facts.fact is 'The name.';
comment on column cdd.configured_facts.path is 'Where in a case''s document its value is.';

create table cdd.fact_reading (
  is_only_row boolean not null default true,
  is_done boolean not null default true,
  account_id text,
  case_id uuid,
  constraint fact_reading_pkey primary key (is_only_row),
  constraint fact_reading_one_row_check check (is_only_row)
);
comment on table cdd.fact_reading is 'How far the cases were read again after reports.facts changed; one row, which is also the lock of this work.';
comment on column cdd.fact_reading.is_done is 'Whether all cases were read with the present facts.';
comment on column cdd.fact_reading.account_id is 'Account of the last case that was read again; null = none yet.';
comment on column cdd.fact_reading.case_id is 'That case.';
insert into cdd.fact_reading default values;

create table cdd.case_facts (
  account_id text not null,
  case_id uuid not null,
  fact text not null,
  value text,
  problem text,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  constraint case_facts_pkey primary key (account_id, case_id, fact, recorded_at),
  constraint case_facts_value_check check ((value is null) <> (problem is null)),
  constraint case_facts_superseded_check check (superseded_at >= recorded_at)
);
create index case_facts_problem_idx on cdd.case_facts (account_id, fact)
where superseded_at is null and problem is not null;
comment on table cdd.case_facts is 'Configured facts of cases, read from the newest document. A row whose value changed is closed, not changed.';
comment on column cdd.case_facts.fact is 'Its name in reports.facts.';
comment on column cdd.case_facts.value is 'A text, number or boolean as text; null = see problem.';
comment on column cdd.case_facts.problem is 'Why there is no value: what the path found instead.';
comment on column cdd.case_facts.recorded_at is 'When it was read.';
comment on column cdd.case_facts.superseded_at is 'When another value was read, or the fact was no longer configured; null = current.';
