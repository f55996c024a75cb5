create or replace view cdd.case_changes as
select
  later_revision.account_id,
  later_revision.case_id,
  later_revision.revision,
  change.field,
  case
    when change.field not in ('payout_destination_name', 'organization_number')
      or (select sees_names from cdd.current_reader)
      then change.old_value
  end as old_value,
  case
    when change.field not in ('payout_destination_name', 'organization_number')
      or (select sees_names from cdd.current_reader)
      then change.new_value
  end as new_value,
  later_revision.recorded_at,
  later_revision.run_id
from cdd.case_revisions as later_revision
-- Not the revision before: that of a missing case has no document.
cross join lateral (
  select revision.body, revision.readable
  from cdd.case_revisions as revision
  where revision.account_id = later_revision.account_id
    and revision.case_id = later_revision.case_id
    and revision.revision < later_revision.revision
    and revision.body is not null
  order by revision.revision desc
  limit 1
) as earlier_revision
cross join lateral cdd.changed_fields(
  earlier_revision.body,
  coalesce(earlier_revision.readable, earlier_revision.body),
  later_revision.body,
  coalesce(later_revision.readable, later_revision.body)
) as change
where later_revision.revision > 1 and later_revision.body is not null;

comment on view cdd.case_changes is 'One row per published field of a case that differs between two of its documents, for the views reporting.case_changes and case_timeline. Names and organization numbers are null for users who may not see them.';
