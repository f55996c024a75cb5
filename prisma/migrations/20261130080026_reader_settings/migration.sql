create table cdd.reader_settings (
  role_name text not null,
  name text not null,
  value text not null,
  constraint reader_settings_pkey primary key (role_name, name)
);
comment on table cdd.reader_settings is 'Settings that cdd-sync grant-reader made for a role in this database. A setting whose value differs now was changed by an administrator, and stays.';
comment on column cdd.reader_settings.role_name is 'The role.';
comment on column cdd.reader_settings.name is 'Name of the setting, in small letters.';
comment on column cdd.reader_settings.value is 'The value, as alter role ... set got it.';
