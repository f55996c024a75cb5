-- Two days more, because calendar years are not all of one length.
create or replace view cdd.retention_limit as
select now() + interval '2 days' - make_interval(years => min(years)) as ended_until
from cdd.retention_rules;

comment on view cdd.retention_limit is 'A case that ended later than this is not due, whatever rule applies to it. Null = no rule has years.';
