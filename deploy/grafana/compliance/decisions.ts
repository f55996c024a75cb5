import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, number, rows } from '../panel.ts';
import { ACCOUNT_NAME, inMonths, inRange, monthOf, ofCase, ofSelectedCases } from '../query.ts';
import { statusTitle } from '../statuses.ts';

/** All decisions of a case, also those after the first. */
export function decisions(): Builder<Panel>[] {
  return [
    count('Decisions', 'Decisions in the time range, also later ones of the same case.', ''),
    count(
      'Decided again',
      'Decisions in the time range of cases that had been decided before. Other reports count first decisions only.',
      ' and decision.number > 1',
    ),
    byMonth(),
    again(),
  ];
}

const DECISIONS = 'reporting.decisions as decision';

const count = (title: string, description: string, condition: string) =>
  number({
    title,
    description,
    query: `
      select count(*) as decisions
      from ${DECISIONS}
      where ${ofSelectedCases('decision')} and ${inRange('decision.decided_at')}${condition}
    `,
  })
    .span(4)
    .height(9);

const byMonth = () =>
  bars({
    title: 'Decisions by month',
    description:
      'All decisions of the months that overlap the time range, in the configured time zone: approvals and declines, each split into first and later ones.',
    query: `
      select
        ${monthOf('decision.decided_at')} as "Month",
        count(*) filter (where decision.decision = 'approved' and decision.is_first) as "approved",
        count(*) filter (where decision.decision = 'approved' and not decision.is_first) as "approved later",
        count(*) filter (where decision.decision = 'declined' and decision.is_first) as "declined",
        count(*) filter (where decision.decision = 'declined' and not decision.is_first) as "declined later"
      from ${DECISIONS}
      where ${ofSelectedCases('decision')} and ${inMonths('decision.decided_at')}
      group by 1
      order by 1
    `,
  })
    .span(16)
    .stacking(StackingMode.Normal)
    .overrideByName('approved', field({ color: 'green' }))
    .overrideByName('approved later', field({ color: 'light-green' }))
    .overrideByName('declined', field({ color: 'red' }))
    .overrideByName('declined later', field({ color: 'light-red' }));

const again = () =>
  rows({
    title: 'Which cases were decided again?',
    description: 'The last two hundred decisions in the time range that are not the first of their case.',
    query: `
      select
        decision.decided_at as "Decided",
        ${ofCase('decision', ACCOUNT_NAME)} as "Account",
        case_id::text as "Case",
        ${ofCase('decision', 'payout_destination_name')} as "Merchant",
        decision.number as "Number",
        decision.decision as "Decision",
        ${statusTitle('decision.status')} as "Status",
        decision.route as "Route",
        decision.hours as "After"
      from ${DECISIONS}
      where ${ofSelectedCases('decision')} and ${inRange('decision.decided_at')} and decision.number > 1
      order by decision.decided_at desc, case_id
      limit 200
    `,
  })
    .span(24)
    .overrideByName('Number', field({ width: 90 }))
    .overrideByName('Decision', field({ width: 100, texts: { approved: 'green', declined: 'red' } }))
    .overrideByName('After', field({ unit: 'h', decimals: 1 }));
