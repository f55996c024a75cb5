import type { CaseKey } from '../../model/case-key.ts';
import type { Transaction } from '../../store/postgres/pool.ts';

/** A case and the knowledge of it that is asked for: an instant, or null for everything that is known by now. */
export type Asked = CaseKey & { known: string | null };

export type CaseRow = {
  account_id: string;
  account_label: string | null;
  case_id: string;
  /** Fields as they are now, by their names in case_changes. */
  fields: Readonly<Record<string, string | null>>;
  first_seen_at: Date;
};

/** The case; null if there is none, or the viewer may not see its account. */
export async function readCase(tx: Transaction, { accountId, caseId }: CaseKey): Promise<CaseRow | null> {
  const [row] = await tx.$queryRaw<CaseRow[]>`
    select
      account_id,
      account_label,
      case_id::text,
      first_seen_at,
      jsonb_build_object(
        'payout_destination_name', payout_destination_name,
        'organization_number', organization_number,
        'country_code', country_code,
        'products', array_to_string(products, ', '),
        'package', package,
        'payout_destination_id', payout_destination_id,
        'payout_reference', payout_reference,
        'reference_id', reference_id,
        'case_for_account_id', case_for_account_id,
        'owner_account_id', owner_account_id,
        'checks', array_to_string(checks, ', '),
        'actions_on_approval', array_to_string(actions_on_approval, ', '),
        'requires_contract_signing', requires_contract_signing::text,
        'payment_options', payment_options::text
      ) as fields
    from reporting.cases
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
  return row ?? null;
}

export type StateRow = {
  gone_at: Date | null;
  deleted_at: Date | null;
  missing_since: Date | null;
  is_gone: boolean;
};

/** The known state of the case as a whole; null if the case was not known yet. */
export async function readState(tx: Transaction, { accountId, caseId, known }: Asked): Promise<StateRow | null> {
  const [row] = await tx.$queryRaw<StateRow[]>`
    select gone_at, deleted_at, missing_since, coalesce(gone_at <= coalesce(${known}::timestamptz, now()), false) as is_gone
    from reporting.case_states
    where account_id = ${accountId}
      and case_id = ${caseId}::uuid
      and recorded_at <= coalesce(${known}::timestamptz, 'infinity')
      and (superseded_at is null or superseded_at > coalesce(${known}::timestamptz, 'infinity'))`;
  return row ?? null;
}

export type StayRow = {
  sequence: number;
  event_id: string;
  status: string;
  stage: string;
  entered_at: Date;
  /** When it ended by then; null = not yet. */
  ended_at: Date | null;
  hours: number;
  business_hours: number | null;
  target_hours: number | null;
  target_business_hours: number | null;
  is_current: boolean;
};

/** The stays in statuses as known, as in status_periods; present ones run to the instant that is asked for. */
export function readStays(tx: Transaction, { accountId, caseId, known }: Asked): Promise<StayRow[]> {
  return tx.$queryRaw<StayRow[]>`
    with asked as (
      select coalesce(${known}::timestamptz, 'infinity') as known_at, coalesce(${known}::timestamptz, now()) as present
    ),
    stay as (
      select
        sequence,
        event_id,
        to_status as status,
        occurred_at as entered_at,
        lead(occurred_at) over (order by sequence) as left_at
      from reporting.status_history
      cross join asked
      where account_id = ${accountId}
        and case_id = ${caseId}::uuid
        and recorded_at <= known_at
        and (superseded_at is null or superseded_at > known_at)
    ),
    ended_stay as (
      select
        stay.*,
        case
          when stay.left_at <= asked.present then stay.left_at
          when state.gone_at <= asked.present then state.gone_at
        end as ended_at,
        asked.present
      from stay
      cross join asked
      left join reporting.case_states as state
        on state.account_id = ${accountId}
        and state.case_id = ${caseId}::uuid
        and state.recorded_at <= asked.known_at
        and (state.superseded_at is null or state.superseded_at > asked.known_at)
    )
    select
      stay.sequence,
      stay.event_id::text,
      stay.status,
      status_row.stage,
      stay.entered_at,
      stay.ended_at,
      extract(epoch from greatest(coalesce(stay.ended_at, stay.present), stay.entered_at) - stay.entered_at)::float8 / 3600 as hours,
      case when stay.entered_at >= timestamptz '2000-01-01 00:00Z' then coalesce(business.hours, 0) end as business_hours,
      target.target_hours::float8,
      target.target_business_hours::float8,
      stay.left_at is null as is_current
    from ended_stay as stay
    join reporting.statuses as status_row on status_row.status = stay.status
    -- Of any case: this one may have stays by an earlier knowledge in a status that it never had, as known now. A join,
    -- because a filter by a constant status makes Postgres read all stays first (35 ms, or 1 s, for a million cases).
    left join lateral (
      select target_row.target_hours, target_row.target_business_hours
      from reporting.status_targets as target_row
      where target_row.status = stay.status
      limit 1
    ) as target on true
    left join lateral (
      select
        sum(
          extract(
            epoch from
            least(open_day.closes_at, coalesce(stay.ended_at, stay.present)) - greatest(open_day.opens_at, stay.entered_at)
          )
        )::float8 / 3600 as hours
      from reporting.business_days as open_day
      where open_day.closes_at > stay.entered_at and open_day.opens_at < coalesce(stay.ended_at, stay.present)
    ) as business on true
    order by stay.sequence`;
}
