import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, number, rows, thresholds } from '../panel.ts';
import { ACCOUNT_NAME, ofCase, ofSelectedCases, TIME_ZONE } from '../query.ts';

/** Ended cases by until when they are kept (retention.cases in the configuration), and legal holds. */
export function retention(): Builder<Panel>[] {
  return [
    count('Cases due to be erased', 'due', 'that were kept for as long as they must be', 'red'),
    count('Cases under legal hold', 'held', 'of which nothing is erased', 'blue'),
    byYear(),
    dueOrHeld(),
  ];
}

const RETENTION = 'reporting.retention as retained_case';
const NOW = 'Now, independent of the time range. Periods: retention.cases in the configuration.';

const count = (title: string, state: string, which: string, color: string) =>
  number({
    title,
    description: `Cases ${which}. ${NOW}`,
    query: `
      select count(*) as cases
      from ${RETENTION}
      where ${ofSelectedCases('retained_case')} and retained_case.state = '${state}'
    `,
  })
    .span(4)
    .height(9)
    .thresholds(thresholds('green', [1, color]));

const byYear = () =>
  bars({
    title: 'When does the time of ended cases end?',
    description: `Cases that have ended, by the year of keep_until in the configured time zone; those that are kept for ever are left out. ${NOW}`,
    query: `
      select to_char(retained_case.keep_until at time zone ${TIME_ZONE}, 'YYYY') as "Year", count(*) as "Cases"
      from ${RETENTION}
      where ${ofSelectedCases('retained_case')} and retained_case.keep_until is not null
      group by 1
      order by 1
      limit 24
    `,
  })
    .span(16)
    .overrideByName('Cases', field({ color: 'blue' }));

const dueOrHeld = () =>
  rows({
    title: 'Which cases are due to be erased, and which are held?',
    description: `The two hundred cases whose time is over first, held ones included, and the rule that says so: 0 is the general period, others are positions in the configuration. ${NOW}`,
    query: `
      select
        ${ofCase('retained_case', ACCOUNT_NAME)} as "Account",
        case_id::text as "Case",
        ${ofCase('retained_case', 'payout_destination_name')} as "Merchant",
        retained_case.state as "State",
        retained_case.ended_at as "Ended",
        retained_case.keep_until as "Kept until",
        retained_case.years as "Years",
        retained_case.rule as "Rule",
        retained_case.held_at as "Held",
        retained_case.hold_reason as "Reason"
      from ${RETENTION}
      where ${ofSelectedCases('retained_case')} and retained_case.state in ('due', 'held')
      order by retained_case.keep_until, case_id
      limit 200
    `,
  })
    .span(24)
    .overrideByName('State', field({ width: 100, texts: { due: 'red', held: 'blue' } }))
    .overrideByName('Years', field({ width: 80 }))
    .overrideByName('Rule', field({ width: 80 }));
