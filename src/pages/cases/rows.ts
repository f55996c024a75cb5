import type { CaseKey } from '../../model/case-key.ts';
import type { Transaction } from '../../store/postgres/pool.ts';

/** A case as the list shows it: columns of reporting.cases, and of status_targets, periodic_reviews and retention under their names. */
export type CaseRow = {
  case_key: string;
  account_id: string;
  account_label: string | null;
  environment: string;
  case_id: string;
  payout_destination_name: string | null;
  organization_number: string | null;
  country_code: string | null;
  products_text: string | null;
  package: string | null;
  reference_id: string | null;
  status: string | null;
  stage: string | null;
  status_since: Date | null;
  hours_in_status: number | null;
  is_open: boolean;
  opened_at: Date | null;
  first_decided_at: Date | null;
  first_decision: string | null;
  decision_route: string | null;
  gone_at: Date | null;
  target_state: string | null;
  target_due_at: Date | null;
  target_hours: number | null;
  target_business_hours: number | null;
  /** Of the present stay, if its status has a target. */
  stay_hours: number | null;
  stay_business_hours: number | null;
  review_due_at: Date | null;
  review_state: string | null;
  review_every_months: number | null;
  /** Of reports.reviews; 0 = no rule matches, so the general interval holds. */
  review_rule: number | null;
  retention_state: string | null;
  keep_until: Date | null;
};

/** In the order of the file. */
export const CASE_COLUMNS = [
  'case_key',
  'account_id',
  'account_label',
  'environment',
  'case_id',
  'payout_destination_name',
  'organization_number',
  'country_code',
  'products_text',
  'package',
  'reference_id',
  'status',
  'stage',
  'status_since',
  'hours_in_status',
  'is_open',
  'target_state',
  'target_due_at',
  'target_hours',
  'target_business_hours',
  'stay_hours',
  'stay_business_hours',
  'review_state',
  'review_due_at',
  'review_every_months',
  'review_rule',
  'opened_at',
  'first_decided_at',
  'first_decision',
  'decision_route',
  'gone_at',
  'retention_state',
  'keep_until',
] as const satisfies (keyof CaseRow)[];

/** The rows of some cases, in the order of the keys. */
export async function readRows(tx: Transaction, keys: readonly CaseKey[]): Promise<CaseRow[]> {
  // By id in each view: Postgres takes such a condition into a view, but none of a join with other rows.
  const ids = keys.map(({ caseId }) => caseId);
  const rows = await tx.$queryRaw<CaseRow[]>`
    select
      case_row.case_key,
      case_row.account_id,
      case_row.account_label,
      case_row.environment,
      case_row.case_id::text,
      case_row.payout_destination_name,
      case_row.organization_number,
      case_row.country_code,
      case_row.products_text,
      case_row.package,
      case_row.reference_id,
      case_row.status,
      case_row.stage,
      case_row.status_since,
      case_row.hours_in_status::float8,
      case_row.is_open,
      case_row.opened_at,
      case_row.first_decided_at,
      case_row.first_decision,
      case_row.decision_route,
      case_row.gone_at,
      target.state as target_state,
      target.due_at as target_due_at,
      target.target_hours::float8,
      target.target_business_hours::float8,
      target.hours::float8 as stay_hours,
      target.business_hours::float8 as stay_business_hours,
      review.due_at as review_due_at,
      review.state as review_state,
      review.every_months as review_every_months,
      review.rule as review_rule,
      retention.state as retention_state,
      retention.keep_until
    from (select * from reporting.cases where case_id = any (${ids}::uuid[])) as case_row
    left join (
      select * from reporting.status_targets where case_id = any (${ids}::uuid[]) and left_at is null
    ) as target
      on target.account_id = case_row.account_id
      and target.case_id = case_row.case_id
      and target.entered_at = case_row.status_since
    left join (select * from reporting.periodic_reviews where case_id = any (${ids}::uuid[])) as review
      on review.account_id = case_row.account_id
      and review.case_id = case_row.case_id
    left join (select * from reporting.retention where case_id = any (${ids}::uuid[])) as retention
      on retention.account_id = case_row.account_id
      and retention.case_id = case_row.case_id`;
  const byKey = new Map(rows.map((row) => [row.case_key, row]));
  return keys.flatMap(({ accountId, caseId }) => byKey.get(`${accountId}/${caseId}`) ?? []);
}
