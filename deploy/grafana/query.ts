import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** As provisioning/datasources/cdd-sync.yaml calls it. */
export const DATA_SOURCE = { type: 'grafana-postgresql-datasource', uid: 'cdd-reader' };

/** The accounts of the variable `account`. An array, because nothing between `in (` and `)` is a syntax error. */
export const CHOSEN = `account_id = any(array[\${account:sqlstring}]::text[])`;

/** An account as people know it; the id tells apart two with the same label. */
export const ACCOUNT = `coalesce(account_label || ' (' || account_id || ')', account_id)`;

/** Of `reporting.cases`: neither deleted nor missing. What is gone stays in its last status, but nobody can act on it. */
export const PRESENT = 'deleted_at is null and missing_since is null';

/** The time zone of the days and months in the reports. */
export const ZONE = '(select timezone from reporting.settings)';

const FROM = '$__timeFrom()::timestamptz';
const TO = '$__timeTo()::timestamptz';

/**
 * The days of the time range and one day on either side, which a time series does not show. The exact days depend on the
 * configured zone, which is known only when the query runs; the planner would then expect very few rows.
 */
export const DAYS = 'day between $__timeFrom()::date - 1 and $__timeTo()::date + 1';

/** The days of the time range as rows, so that a day without cases is shown too. */
export const CALENDAR = `generate_series(date_trunc('day', ${FROM} at time zone ${ZONE}), ${TO} at time zone ${ZONE}, interval '1 day') as calendar (day)`;

/** The whole months of the time range. */
export const MONTHS = `month between date_trunc('month', ${FROM} at time zone ${ZONE}) and ${TO} at time zone ${ZONE}`;

/** Whether a time is in one of these months. */
export function inMonths(time: string): string {
  return `date_trunc('month', ${time}, ${ZONE}) between date_trunc('month', ${FROM}, ${ZONE}) and ${TO}`;
}

/** A query that gives a table, or series over its column `time`. */
export function sql(text: string, format: 'table' | 'time_series' = 'table'): Builder<Dataquery> {
  const query = {
    refId: 'A',
    datasource: DATA_SOURCE,
    editorMode: 'code',
    format,
    rawQuery: true,
    rawSql: outdented(text),
    _implementsDataqueryVariant: () => {},
  };
  return { build: () => query };
}

/** Without the line breaks around it, and the indentation that it has in a source file. */
export function outdented(text: string): string {
  const lines = text.trim().split('\n');
  const [, ...others] = lines.map((line) => (line.trim() === '' ? Number.POSITIVE_INFINITY : line.search(/\S/)));
  const indentation = Math.min(...others);
  return lines.map((line, index) => (index === 0 ? line : line.slice(indentation))).join('\n');
}
