create or replace function cdd.make_business_days(
  holidays date[], holiday_names text[], first_day date, last_day date
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  setting cdd.report_settings := (select report_settings from cdd.report_settings);
begin
  delete from cdd.business_days;
  -- Materialized, because Postgres would convert each time again wherever it is used.
  with judged_day as materialized (
    select
      day,
      holiday.name as holiday,
      case
        when extract(isodow from day) <> all(setting.business_weekdays) then 'weekday'
        when holiday.name is not null then 'public_holiday'
        when day = any(setting.business_closed) then 'closed_day'
      end as closed_because
    from (select first_day + n as day from generate_series(0, last_day - first_day) as n) as listed
    left join (
      select named.day, string_agg(named.name, ', ' order by named.name collate "C") as name
      from unnest(holidays, holiday_names) as named (day, name)
      group by named.day
    ) as holiday using (day)
  ),
  open_day as materialized (
    select
      day,
      cdd.local_instant(day + setting.business_opens, setting.timezone) as opens_at,
      cdd.local_instant(day + setting.business_closes, setting.timezone) as closes_at
    from judged_day
    where closed_because is null
  )
  insert into cdd.business_days (day, opens_at, closes_at, closed_because, holiday, micros_before)
  select
    day,
    opened.opens_at,
    opened.closes_at,
    -- Samoa had no 30 December 2011.
    case when opened.opens_at is null then coalesce(closed_because, 'clocks') end,
    holiday,
    coalesce(
      sum(cdd.epoch_micros(opened.closes_at) - cdd.epoch_micros(opened.opens_at))
        over (order by day rows between unbounded preceding and 1 preceding),
      0
    )
  from judged_day
  left join (
    select day, opens_at, closes_at
    from open_day
    where opens_at < closes_at and (opens_at at time zone setting.timezone)::date = day
  ) as opened using (day);

  delete from cdd.business_slots;
  insert into cdd.business_slots (
    slot, micros_before, opens_1, closes_1, offset_1, micros_between, opens_2, closes_2, offset_2, micros_after
  )
  select
    slot,
    total - length_1 - length_2,
    coalesce(opens_1, ends_at),
    coalesce(closes_1, ends_at),
    coalesce(cdd.epoch_micros(opens_1), 0) - (total - length_1 - length_2),
    total - length_2,
    coalesce(opens_2, ends_at),
    coalesce(closes_2, ends_at),
    coalesce(cdd.epoch_micros(opens_2), 0) - (total - length_2),
    total
  from (
    select
      *,
      (sum(length_1 + length_2) over (order by slot))::bigint as total
    from (
      select
        listed.slot,
        to_timestamp((listed.slot + 1) * 43200::double precision) as ends_at,
        piece.opens_1,
        piece.closes_1,
        piece.opens_2,
        piece.closes_2,
        coalesce(cdd.epoch_micros(piece.closes_1) - cdd.epoch_micros(piece.opens_1), 0) as length_1,
        coalesce(cdd.epoch_micros(piece.closes_2) - cdd.epoch_micros(piece.opens_2), 0) as length_2
      from (
        -- With a day more at both ends: days of another zone begin up to 14 hours earlier, or end 12 hours later.
        select
          generate_series(
            (first_day - date '1970-01-01' - 1) * 2, (last_day - date '1970-01-01' + 2) * 2 - 1
          ) as slot
      ) as listed
      left join (
        select
          slot,
          min(opens_at) as opens_1,
          min(closes_at) as closes_1,
          nullif(max(opens_at), min(opens_at)) as opens_2,
          nullif(max(closes_at), min(closes_at)) as closes_2
        from (
          select
            slot,
            greatest(opens_at, to_timestamp(slot * 43200::double precision)) as opens_at,
            least(closes_at, to_timestamp((slot + 1) * 43200::double precision)) as closes_at
          from cdd.business_days
          cross join lateral generate_series(
            cdd.business_slot(opens_at), cdd.business_slot(closes_at - interval '1 microsecond')
          ) as slot
          where opens_at is not null
        ) as part
        group by slot
      ) as piece using (slot)
    ) as measured
  ) as summed;
end
$$;

comment on function cdd.make_business_days is 'Computes cdd.business_days and cdd.business_slots from cdd.report_settings and the public holidays given.';
