alter table cdd.report_settings
  add column business_country text not null default 'NO',
  add column business_weekdays smallint[] not null default '{1,2,3,4,5}',
  add column business_opens time(6) not null default '08:00',
  add column business_closes time(6) not null default '16:00',
  add column business_closed date[] not null default '{}',
  add column business_days_made_from text;
comment on column cdd.report_settings.business_country is 'Country, or part of one, whose public holidays are no business days.';
comment on column cdd.report_settings.business_weekdays is 'Business days: 1 = Monday, 7 = Sunday.';
comment on column cdd.report_settings.business_opens is 'When a business day begins, by the clocks of timezone.';
comment on column cdd.report_settings.business_closes is 'When it ends.';
comment on column cdd.report_settings.business_closed is 'Further days without business hours.';
comment on column cdd.report_settings.business_days_made_from is 'What cdd.business_days was computed from; null = never. It is computed again when this differs.';

create table cdd.business_days (
  day date not null,
  opens_at timestamptz(6),
  closes_at timestamptz(6),
  closed_because text,
  holiday text,
  micros_before bigint not null,
  constraint business_days_pkey primary key (day),
  constraint business_days_open_check check (
    case when closed_because is null then opens_at < closes_at else opens_at is null and closes_at is null end
  ),
  constraint business_days_closed_because_check check (closed_because in ('weekday', 'public_holiday', 'closed_day', 'clocks'))
);
-- Finds the instant at which a number of business hours is used up.
create unique index business_days_micros_before_idx on cdd.business_days (micros_before) where opens_at is not null;
comment on table cdd.business_days is 'Every day of the time zone from 2000 to ten years ahead, with its business hours. Written by cdd.make_business_days.';
comment on column cdd.business_days.opens_at is 'When the business hours of the day begin; null = it has none.';
comment on column cdd.business_days.closed_because is 'weekday, public_holiday, closed_day: configured; clocks: they jump over the business hours.';
comment on column cdd.business_days.holiday is 'The public holiday''s name, also on a weekend.';
comment on column cdd.business_days.micros_before is 'Business hours of all days before, in microseconds.';

create table cdd.business_slots (
  slot integer not null,
  micros_before bigint not null,
  opens_1 timestamptz(6) not null,
  closes_1 timestamptz(6) not null,
  offset_1 bigint not null,
  micros_between bigint not null,
  opens_2 timestamptz(6) not null,
  closes_2 timestamptz(6) not null,
  offset_2 bigint not null,
  micros_after bigint not null,
  constraint business_slots_pkey primary key (slot)
);
comment on table cdd.business_slots is 'The business hours of cdd.business_days by half days of UTC, so that cdd.business_hours finds the row of an instant by arithmetic. Twelve hours never have more than two intervals.';
comment on column cdd.business_slots.slot is 'Half days of UTC since 1970.';
comment on column cdd.business_slots.micros_before is 'Business hours before the half day, in microseconds.';
comment on column cdd.business_slots.opens_1 is 'Begin of its first interval; its end, if there is none.';
comment on column cdd.business_slots.offset_1 is 'Within the interval, business hours = microseconds since 1970 less this.';
comment on column cdd.business_slots.micros_between is 'Business hours up to the end of the first interval.';
comment on column cdd.business_slots.micros_after is 'Business hours up to its end.';

alter table cdd.status_targets
  alter column target_hours drop not null,
  add column target_business_hours numeric,
  add constraint status_targets_business_hours_check check (target_business_hours > 0),
  add constraint status_targets_one_unit_check check (num_nonnulls(target_hours, target_business_hours) = 1);
comment on column cdd.status_targets.target_hours is 'Hours by the clock; null = the target is in business hours.';
comment on column cdd.status_targets.target_business_hours is 'Hours of cdd.business_days.';
