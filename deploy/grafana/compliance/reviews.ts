import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, number, rows, thresholds } from '../panel.ts';
import { ACCOUNT_NAME, monthOf, ofCase, ofSelectedCases } from '../query.ts';

/** Approved cases by when their next review is due (reports.reviews in the configuration). */
export function reviews(): Builder<Panel>[] {
  return [
    count('Reviews overdue', 'overdue', 'whose review should have happened before now', 'red'),
    count('Reviews due soon', 'due_soon', 'whose review is due soon', 'orange'),
    byMonth(),
    next(),
  ];
}

const REVIEWS = 'reporting.periodic_reviews as review';
const NOW = 'Now, independent of the time range. Intervals: reports.reviews in the configuration.';

const count = (title: string, state: string, which: string, color: string) =>
  number({
    title,
    description: `Approved cases ${which}. ${NOW}`,
    query: `
      select count(*) as cases
      from ${REVIEWS}
      where ${ofSelectedCases('review')} and review.state = '${state}'
    `,
  })
    .span(4)
    .height(9)
    .thresholds(thresholds('green', [1, color]));

const byMonth = () =>
  bars({
    title: 'When are reviews due?',
    description: `Approved cases by the month in which their next review is due; months are of the configured time zone. ${NOW}`,
    query: `
      select ${monthOf('review.due_at')} as "Month", count(*) as "Cases"
      from ${REVIEWS}
      where ${ofSelectedCases('review')}
      group by 1
      order by 1
      limit 24
    `,
  })
    .span(16)
    .overrideByName('Cases', field({ color: 'blue' }));

const next = () =>
  rows({
    title: 'Which cases must be reviewed next?',
    description: `The two hundred approved cases whose review is due first, and the rule that says so: 0 is the general interval, others are positions in the configuration. ${NOW}`,
    query: `
      select
        ${ofCase('review', ACCOUNT_NAME)} as "Account",
        case_id::text as "Case",
        ${ofCase('review', 'payout_destination_name')} as "Merchant",
        ${ofCase('review', 'country_code')} as "Country",
        replace(review.state, '_', ' ') as "State",
        review.due_at as "Due",
        review.last_reviewed_at as "Last reviewed",
        review.approved_at as "Approved",
        review.every_months as "Every",
        review.rule as "Rule"
      from ${REVIEWS}
      where ${ofSelectedCases('review')}
      order by review.due_at, case_id
      limit 200
    `,
  })
    .span(24)
    .overrideByName('State', field({ width: 100, texts: { overdue: 'red', 'due soon': 'orange', current: 'green' } }))
    .overrideByName('Every', field({ unit: 'suffix: months', width: 100 }))
    .overrideByName('Rule', field({ width: 80 }));
