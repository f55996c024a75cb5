import { SyncError } from '../../model/sync-error.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import { type BusinessCalendar, newCalendar, saveCalendar } from './business-days.ts';
import { type Condition, saveRules } from './case-rules.ts';
import { type Facts, saveFactSettings } from './fact-settings.ts';

/** Intervals of periodic reviews, in months: the general one, and rules of which the first that matches wins. */
type Reviews = {
  readonly everyMonths: number;
  readonly dueSoonDays: number;
  readonly rules: readonly { readonly everyMonths: number; readonly when: Condition }[];
};

/** Years to keep cases after they ended, null = for ever; rules as for reviews. */
type CaseRetention = {
  readonly years: number | null;
  readonly rules: readonly { readonly years: number | null; readonly when: Condition }[];
};

export type ReportSettings = {
  timezone: string;
  /** Hours by status, or business hours. */
  statusTargets: Readonly<Record<string, number | { businessHours: number }>>;
  /** What is left out stays as it is. */
  reports?: { calendar?: BusinessCalendar; reviews?: Reviews; facts?: Facts };
  /** Left out, it stays as it is. */
  retention?: { cases: CaseRetention };
};

/**
 * Saves the settings that the reports read: the time zone of their days and months, the calendar of business hours, the
 * targets, hours that a case may stay in a status, the intervals of reviews, the facts to read, and how long cases are kept. If the time zone
 * changes, all roll-ups are made again.
 * @throws SyncError DATABASE when Postgres does not know the time zone.
 */
export async function applyReportSettings(
  database: Database,
  { timezone, statusTargets, reports = {}, retention }: ReportSettings,
): Promise<void> {
  const { calendar: configured, reviews, facts } = reports;
  const calendar = configured === undefined ? null : await newCalendar(database, { timezone, calendar: configured });
  await database.transact(async (tx) => {
    await saveTargets(tx, statusTargets);
    if (reviews !== undefined) await saveReviewRules(tx, reviews);
    if (retention !== undefined) await saveCaseRetention(tx, retention.cases);
    if (facts !== undefined) await saveFactSettings(tx, facts);
    const changed = await tx.$executeRaw`
      update cdd.report_settings set timezone = ${timezone} where timezone <> ${timezone}`;
    if (changed > 0) await requireKnownZone(tx, timezone);
    if (calendar !== null) await saveCalendar(tx, calendar);
    if (changed > 0) await rebuildRollUps(tx);
  });
}

/** Applies the settings again if the calendar ends within nine years: a worker may run for longer than that. */
export async function extendCalendar(database: Database, settings: ReportSettings): Promise<void> {
  const [row] = await database.$queryRaw<{ isShort: boolean }[]>`
    select coalesce(max(day) < now() + interval '9 years', false) as "isShort" from cdd.business_days`;
  if (row?.isShort) await applyReportSettings(database, settings);
}

async function saveReviewRules(tx: Transaction, { everyMonths, dueSoonDays, rules }: Reviews): Promise<void> {
  await tx.$executeRaw`
    update cdd.report_settings set review_due_soon_days = ${dueSoonDays} where review_due_soon_days <> ${dueSoonDays}`;
  await saveRules(tx, 'reviews', {
    general: everyMonths,
    rules: rules.map((rule) => ({ value: rule.everyMonths, when: rule.when })),
  });
}

async function saveCaseRetention(tx: Transaction, { years, rules }: CaseRetention): Promise<void> {
  await saveRules(tx, 'retention', {
    general: years,
    rules: rules.map((rule) => ({ value: rule.years, when: rule.when })),
  });
}

async function saveTargets(tx: Transaction, statusTargets: ReportSettings['statusTargets']): Promise<void> {
  const targets = Object.entries(statusTargets).map(([status, target]) =>
    typeof target === 'number'
      ? { status, hours: target, businessHours: null }
      : { status, hours: null, businessHours: target.businessHours },
  );
  await tx.$executeRaw`
    with wanted_targets as (
      select status, target_hours, target_business_hours
      from unnest(
        ${targets.map(({ status }) => status)}::text[],
        ${targets.map(({ hours }) => hours)}::double precision[],
        ${targets.map(({ businessHours }) => businessHours)}::double precision[]
      ) as configured_target (status, target_hours, target_business_hours)
    ),
    removed_targets as (
      delete from cdd.status_targets
      where status not in (select status from wanted_targets)
    )
    insert into cdd.status_targets as existing_target (status, target_hours, target_business_hours)
    select status, target_hours, target_business_hours from wanted_targets
    on conflict (status) do update
    set target_hours = excluded.target_hours, target_business_hours = excluded.target_business_hours
    where (existing_target.target_hours, existing_target.target_business_hours)
      is distinct from (excluded.target_hours, excluded.target_business_hours)`;
}

async function rebuildRollUps(tx: Transaction): Promise<void> {
  // The locks of cdd.roll_up, in the same order: another order could deadlock.
  await tx.$queryRaw`
    select cdd.lock_roll_up(id)::text from cdd.accounts order by id`;
  // Waits for running batches: their rows in this table name months of the old time zone.
  await tx.$executeRaw`lock table cdd.report_changes in share row exclusive mode`;
  await tx.$queryRaw`select cdd.rebuild_roll_ups(id)::text from cdd.accounts order by id`;
}

async function requireKnownZone(tx: Transaction, timezone: string): Promise<void> {
  const [known] = await tx.$queryRaw<{ known: boolean }[]>`
    select exists (select from pg_catalog.pg_timezone_names where lower(name) = lower(${timezone})) as known`;
  if (known?.known) return;
  const message = `Postgres does not know the time zone ${timezone} that the configuration names; use one of pg_timezone_names.`;
  throw new SyncError('DATABASE', message);
}
