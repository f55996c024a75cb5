import type { Transaction } from '../postgres/pool.ts';

/** Lost approvals are forgotten after this: each channel was told of them long ago. */
const APPROVAL_DAYS = 8;

/**
 * Adds the approvals that were lost since the last search: a transition from stage approved to another, or a decision other
 * than the one before. Leaves out the history that a case's first reading brought, and transitions that are only stored again because
 * a time was corrected. The first search finds nothing: it marks where searching begins.
 */
export async function addLostApprovals(
  tx: Transaction,
  { from, now }: { from: Date | null; now: Date },
): Promise<void> {
  // The database compares microseconds; a Date has milliseconds, so the stored time is read here again.
  if (from !== null) {
    await tx.$executeRaw`
      insert into cdd.notice_cases (kind, account_id, case_id, stage, since_at, noticed_at)
      select 'approval_lost', transition.account_id, transition.case_id, transition.event_id::text, transition.occurred_at, ${now}
      from cdd.status_transitions as transition
      join cdd.case_statuses as origin on origin.status = transition.from_status
      join cdd.case_statuses as target on target.status = transition.to_status
      join cdd.cases as case_row on case_row.account_id = transition.account_id and case_row.id = transition.case_id
      -- After the clock was ahead, accounts that had no run meanwhile have recorded times of now: the last day is searched
      -- again. Rows of it that were found before are stored, and stay as they are.
      where transition.recorded_at > (
          select case when approvals_until > now() then now() - interval '1 day' else approvals_until end
          from cdd.notice_state
        )
        and (transition.recorded_at <= now() or transition.recorded_at > (select approvals_until from cdd.notice_state))
        and transition.recorded_at <= reporting.known_until()
        and transition.recorded_at > case_row.first_seen_at
        and transition.superseded_at is null
        and case
          when origin.stage = 'approved' then target.stage <> 'approved'
          when target.stage in ('approved', 'declined') then (
            select decision.stage <> target.stage
            from cdd.status_transitions as earlier
            join cdd.case_statuses as decision
              on decision.status = earlier.to_status and decision.stage in ('approved', 'declined')
            where earlier.account_id = transition.account_id
              and earlier.case_id = transition.case_id
              and earlier.superseded_at is null
              and earlier.sequence < transition.sequence
            order by earlier.sequence desc
            limit 1
          )
          else false
        end
        and not exists (
          select
          from cdd.status_transitions as former
          where former.account_id = transition.account_id
            and former.case_id = transition.case_id
            and former.event_id = transition.event_id
            and former.from_status = transition.from_status
            and former.to_status = transition.to_status
            and former.recorded_at < transition.recorded_at
        )
      on conflict (kind, account_id, case_id, stage) do nothing`;
  }
  await tx.$executeRaw`update cdd.notice_state set approvals_until = reporting.known_until()`;
  await tx.$executeRaw`
    delete from cdd.notice_cases
    where kind = 'approval_lost' and noticed_at < ${now}::timestamptz - ${APPROVAL_DAYS} * interval '1 day'`;
}
