-- One row per schema, table, view and function, in the order in which they are shown.
with
relation as (
  select
    oid,
    format('%I.%I', relnamespace::regnamespace, relname) as name,
    case when relkind = 'v' then 'view' else 'table' end as kind,
    relnamespace::regnamespace::text as schema_name,
    case when reloptions is not null then ' with (' || array_to_string(reloptions, ', ') || ')' else '' end as options,
    relacl as acl,
    relowner as owner
  from pg_catalog.pg_class
  where relnamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
    and relkind in ('r', 'p', 'v', 'm', 'f')
    and relname <> '_prisma_migrations'
),
field as (
  select
    attrelid as oid,
    string_agg(
      format('  %I %s', attname, format_type(atttypid, atttypmod))
      || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
      || case when attnotnull then ' not null' else '' end,
      E',\n' order by attnum
    ) as lines
  from pg_catalog.pg_attribute
  left join pg_catalog.pg_attrdef on adrelid = attrelid and adnum = attnum
  where attnum > 0 and not attisdropped
  group by attrelid
),
restriction as (
  select
    conrelid as oid,
    string_agg(
      format(E',\n  constraint %I %s', conname, pg_get_constraintdef(oid)),
      '' order by contype <> 'p', conname
    ) as lines
  from pg_catalog.pg_constraint
  where contype <> 'n'
  group by conrelid
),
-- One line each, after the object itself.
detail (oid, place, line) as (
  select
    attrelid,
    1,
    format('alter table %s alter column %I set statistics %s;', relation.name, attname, attstattarget)
  from pg_catalog.pg_attribute
  join relation on relation.oid = attrelid
  where attstattarget >= 0 and attnum > 0 and not attisdropped
  union all
  select indrelid, 2, pg_get_indexdef(indexrelid) || ';'
  from pg_catalog.pg_index
  where not exists (select from pg_catalog.pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
  union all
  select tgrelid, 3, pg_get_triggerdef(oid) || ';'
  from pg_catalog.pg_trigger
  where not tgisinternal
  union all
  select
    relation.oid,
    4,
    format(
      'grant %s on %s to %s;',
      lower(privilege_type), relation.name, case grantee when 0 then 'public' else grantee::regrole::text end
    )
  from relation
  cross join lateral aclexplode(relation.acl)
  where grantee <> relation.owner
  union all
  select
    relation.oid,
    5,
    format('comment on %s %s is %L;', relation.kind, relation.name, obj_description(relation.oid, 'pg_class'))
  from relation
  where obj_description(relation.oid, 'pg_class') is not null
  union all
  select
    attrelid,
    5 + attnum,
    format('comment on column %s.%I is %L;', relation.name, attname, col_description(attrelid, attnum))
  from pg_catalog.pg_attribute
  join relation on relation.oid = attrelid
  where col_description(attrelid, attnum) is not null
),
details as (
  select oid, string_agg(line, E'\n' order by place, line) as lines
  from detail
  group by oid
)
select text
from (
  select
    nspname::text as schema_name,
    0 as kind,
    '' as name,
    format(E'create schema %I;\ncomment on schema %I is %L;', nspname, nspname, obj_description(oid, 'pg_namespace'))
    || coalesce(
      (
        select string_agg(
          format(E'\ngrant %s on schema %I to %s;', lower(privilege_type), nspname, grantee::regrole),
          '' order by grantee::regrole::text
        )
        from aclexplode(nspacl)
        where grantee <> nspowner
      ),
      ''
    ) as text
  from pg_catalog.pg_namespace
  where nspname in ('cdd', 'reporting')
  union all
  select
    relation.schema_name,
    case relation.kind when 'table' then 1 else 2 end,
    relation.name,
    format(E'create %s %s (\n', relation.kind, relation.name) || field.lines || coalesce(restriction.lines, '')
    || E'\n)' || relation.options || ';' || coalesce(E'\n' || details.lines, '')
  from relation
  join field using (oid)
  left join restriction using (oid)
  left join details using (oid)
  union all
  select
    pronamespace::regnamespace::text,
    3,
    proname,
    format(
      E'create function %I.%I(%s)\nreturns %s\nlanguage %s %s parallel %s%s;',
      pronamespace::regnamespace, proname, pg_get_function_arguments(pg_proc.oid),
      pg_get_function_result(pg_proc.oid), lanname,
      case provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
      case proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
      coalesce((select string_agg(E'\nset ' || setting, '' order by setting) from unnest(proconfig) as setting), '')
    )
    || coalesce(E'\ngrants: ' || proacl::text, '')
    || coalesce(
      format(
        E'\ncomment on function %I.%I is %L;',
        pronamespace::regnamespace, proname, obj_description(pg_proc.oid, 'pg_proc')
      ),
      ''
    )
  from pg_catalog.pg_proc
  join pg_catalog.pg_language on pg_language.oid = prolang
  where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
) as shown
order by schema_name, kind, name;
