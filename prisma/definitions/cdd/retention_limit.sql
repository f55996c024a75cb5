-- Two days more, because calendar years are not all of one length.
create or replace view cdd.retention_limit as
select
  now() + interval '2 days' - make_interval(years => min(rule.years)) as ended_until,
  -- Cases may still have facts of before, and be taken for such that need not be kept for long.
  bool_or(rule.facts is not null) and not (select is_done from cdd.fact_reading) as is_undecided
from cdd.retention_rules as rule;

comment on view cdd.retention_limit is 'ended_until: a case that ended later is not due, whatever rule applies to it; null = no rule has years. is_undecided: a rule depends on facts, and facts are being read again, so no rule is known of any case.';
