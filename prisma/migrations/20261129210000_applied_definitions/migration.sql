-- Databases made by version 0.1.0 have two more functions: the second half of cdd.roll_up, which is one function now, and
-- one that computed facts of cases, as the statement that saves cases does.
drop function if exists cdd.roll_up_changes(text);
drop function if exists cdd.refresh_facts(text);

create table cdd.applied_definitions (
  name text not null,
  checksum text not null,
  applied_at timestamptz(6) not null default now(),
  constraint applied_definitions_pkey primary key (name)
);
comment on table cdd.applied_definitions is 'The files of prisma/definitions that the last migrations applied: one row per view or function.';
comment on column cdd.applied_definitions.name is 'The view or function, with its schema.';
comment on column cdd.applied_definitions.checksum is 'SHA-256 of the file. cdd-sync migrate applies a file again when its checksum differs.';
comment on column cdd.applied_definitions.applied_at is 'When this text was applied.';
