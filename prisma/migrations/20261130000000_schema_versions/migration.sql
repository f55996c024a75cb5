create table cdd.schema_versions (
  number integer generated always as identity,
  checksum text not null,
  applied_at timestamptz(6) not null default now(),
  constraint schema_versions_pkey primary key (number),
  constraint schema_versions_checksum_key unique (checksum)
);
comment on table cdd.schema_versions is 'The schemas that programs brought this database to, in order. A program whose schema is not the last one is older, and does not migrate.';
comment on column cdd.schema_versions.number is 'Order of the schemas.';
comment on column cdd.schema_versions.checksum is 'SHA-256 of the names of all migrations, and of the names and checksums of all definitions.';
comment on column cdd.schema_versions.applied_at is 'When the database was brought to this schema.';
