import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** The data source of provisioning/datasources/cdd-sync.yaml. */
export const DATA_SOURCE = { type: 'grafana-postgresql-datasource', uid: 'cdd-reader' };

/** Condition: one of the accounts of the variable `account`. An array, because an empty `in ()` is a syntax error. */
export const IN_SELECTED_ACCOUNTS = `account_id = any(array[\${account:sqlstring}]::text[])`;

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

/**
 * Condition: a day of the time range, with one more day on each side, which the graph cuts off. The exact days depend
 * on the time zone, known only when the query runs; with such a condition the planner would expect very few rows.
 */
export const DAYS = 'day between $__timeFrom()::date - 1 and $__timeTo()::date + 1';

/** The days of the time range as rows, so that days without data appear as zero. */
export const CALENDAR = `generate_series(date_trunc('day', ${FROM} at time zone ${TIME_ZONE}), ${TO} at time zone ${TIME_ZONE}, interval '1 day') as calendar (day)`;

/** Condition: a month that overlaps the time range. */
export const MONTHS = `month between date_trunc('month', ${FROM} at time zone ${TIME_ZONE}) and ${TO} at time zone ${TIME_ZONE}`;

/** Condition: a time within a month that overlaps the time range. */
export function inMonths(time: string): string {
  return `date_trunc('month', ${time}, ${TIME_ZONE}) between date_trunc('month', ${FROM}, ${TIME_ZONE}) and ${TO}`;
}

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
