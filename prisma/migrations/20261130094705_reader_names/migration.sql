alter table cdd.reader_grants add column with_names boolean not null default true;
comment on column cdd.reader_grants.with_names is 'False = a user with this grant sees no names and organization numbers in schema reporting, also not by other grants.';
