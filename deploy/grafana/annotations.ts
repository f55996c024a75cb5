import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE, IN_SELECTED_ACCOUNTS, RESTATEMENTS, sql, TIME_ZONE } from './query.ts';

/** Annotations on restated months: figures that changed since the beginning of the time range. */
export function restatementMarks(): AnnotationQueryBuilder {
  const query = `
    select
      month::timestamp at time zone ${TIME_ZONE} as "time",
      (month + interval '1 month') at time zone ${TIME_ZONE} - interval '1 second' as "timeend",
      string_agg(figure || ' of ' || account_id || ': ' || was || ' → ' || "is", ', ' order by account_id, figure) as "text",
      'restated' as "tags"
    from ${RESTATEMENTS}
    where ${IN_SELECTED_ACCOUNTS}
    group by month
    order by month
  `;
  return new AnnotationQueryBuilder()
    .name('Restated months')
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor('purple')
    .target(sql(query));
}
