import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** The data source of provisioning/datasources/cdd-sync.yaml. */
export const DATA_SOURCE = { type: 'grafana-postgresql-datasource', uid: 'cdd-reader' };

/** Condition: one of the accounts of the variable `account`. An array, because an empty `in ()` is a syntax error. */
export const IN_SELECTED_ACCOUNTS = `account_id = any(array[\${account:sqlstring}]::text[])`;

/**
 * Condition on `reporting.cases`: chosen by all variables, and counted once. A case of several accounts counts in its
 * primary one only.
 */
export const IN_SELECTED_CASES = `${IN_SELECTED_ACCOUNTS} and is_primary and coalesce(country_code, 'none') = any(array[\${country:sqlstring}]::text[]) and coalesce(nullif(products, '{}'), '{none}') && array[\${product:sqlstring}]::text[]`;

/**
 * Condition on a view with cases: its row is of a chosen case. Not a join: the planner expects one chosen case, and would
 * compute the view again for each. `is true` makes it a table of keys, computed once.
 */
export function ofSelectedCases(row: string, condition = 'true'): string {
  return `(${row}.case_key in (select case_key from reporting.cases where ${IN_SELECTED_CASES} and ${condition})) is true`;
}

/** A column of the case that a row is of. For lists with a limit: it looks the case up. */
export function ofCase(row: string, column: string): string {
  return `(select ${column} from reporting.cases where cases.account_id = ${row}.account_id and cases.case_id = ${row}.case_id)`;
}

/** An account's label and id. The id distinguishes accounts with the same label. */
export const ACCOUNT_NAME = `coalesce(account_label || ' (' || account_id || ')', account_id)`;

/**
 * Condition on `reporting.cases`: neither deleted nor missing. A case that is gone keeps its last status.
 */
export const IS_PRESENT = 'deleted_at is null and missing_since is null';

/** The configured time zone, in which the reports count days and months. */
export const TIME_ZONE = '(select timezone from reporting.settings)';

const FROM = '$__timeFrom()::timestamptz';
const TO = '$__timeTo()::timestamptz';

/** Condition: within the time range, by now. What lies in the future has not happened yet. */
export function inRange(time: string): string {
  return `$__timeFilter(${time}) and ${time} <= now()`;
}

/** The day of a time, in the configured time zone. */
export function dayOf(time: string): string {
  return `date_trunc('day', ${time} at time zone ${TIME_ZONE})`;
}

/** The first day of the time range. */
export const FIRST_DAY = dayOf(FROM);

/** The days of the time range up to today as rows, so that days without data appear as zero. */
export const CALENDAR = `generate_series(date_trunc('day', ${FROM} at time zone ${TIME_ZONE}), least(${TO}, now()) at time zone ${TIME_ZONE}, interval '1 day') as calendar (day)`;

/** Condition: a time within a month that overlaps the time range, by now. */
export function inMonths(time: string): string {
  return `date_trunc('month', ${time}, ${TIME_ZONE}) between date_trunc('month', ${FROM}, ${TIME_ZONE}) and ${TO} and ${time} <= now()`;
}

/** The month of a time as text, in the configured time zone. */
export function monthOf(time: string): string {
  return `to_char(${time} at time zone ${TIME_ZONE}, 'YYYY-MM')`;
}

/** Figures of months that differ from those known at the beginning of the time range; answers are final until then. */
export const RESTATEMENTS = `reporting.restatements(least(${FROM}, reporting.known_until()), reporting.known_until())`;

/** A panel's query: a table, or time series over the column `time`. */
export function sql(text: string, format: 'table' | 'time_series' = 'table'): Builder<Dataquery> {
  const query = {
    refId: 'A',
    datasource: DATA_SOURCE,
    editorMode: 'code',
    format,
    rawQuery: true,
    rawSql: dedent(text),
    _implementsDataqueryVariant: () => {},
  };
  return { build: () => query };
}

/** Removes the surrounding line breaks and the indentation of the source file. */
export function dedent(text: string): string {
  const lines = text.trim().split('\n');
  const [, ...others] = lines.map((line) => (line.trim() === '' ? Number.POSITIVE_INFINITY : line.search(/\S/)));
  const indentation = Math.min(...others);
  return lines.map((line, index) => (index === 0 ? line : line.slice(indentation))).join('\n');
}

/** The share of its target that a stay of reporting.status_targets has used; a target is in hours or in business hours. */
export const SHARE_USED = `coalesce(hours / nullif(target_hours, 0), business_hours / nullif(target_business_hours, 0))`;
