import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { oldestSuccess } from '../oldest-success.ts';
import { number, thresholds } from '../panel.ts';
import { IN_SELECTED_CASES, IS_PRESENT, inRange, ofSelectedCases } from '../query.ts';

/** The row of numbers at the top. */
export function totals(): Builder<Panel>[] {
  return [opened(), decided(), approvalRate(), median(), ninetieth(), open(), breached(), dataAge()];
}

const opened = () =>
  number({
    title: 'Opened',
    description:
      'Cases opened in the time range. A case is opened with its first status or, without a status, when it is created.',
    query: `
      select count(*) as opened
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inRange('opened_at')}
    `,
  });

const decided = () =>
  number({
    title: 'Decided',
    description: 'Cases whose first approval or decline is in the time range, whenever they were opened.',
    query: `
      select count(*) as decided
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inRange('first_decided_at')}
    `,
  });

const approvalRate = () =>
  number({
    title: 'Approval rate',
    description: 'The share of approvals among the first decisions in the time range.',
    query: `
      select count(*) filter (where first_decision = 'approved')::numeric / nullif(count(*), 0) as approval_rate
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inRange('first_decided_at')}
    `,
  })
    .unit('percentunit')
    .decimals(1)
    .min(0)
    .max(1);

const toDecision = (share: number) => `
      select percentile_cont(${share}) within group (order by hours_to_decision) as hours
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inRange('first_decided_at')}
    `;

const median = () =>
  number({
    title: 'Median time to decision',
    description:
      'Time from opening to first decision, for cases decided in the time range: half took at most this long. All selected accounts together.',
    query: toDecision(0.5),
  })
    .unit('h')
    .decimals(1);

const ninetieth = () =>
  number({
    title: '90 % decided within',
    description:
      'Time from opening to first decision, for cases decided in the time range: nine out of ten took at most this long. All selected accounts together.',
    query: toDecision(0.9),
  })
    .unit('h')
    .decimals(1);

const open = () =>
  number({
    title: 'Open now',
    description:
      'Cases that wait for the applicant, are in review, or have an error or an unknown status, and are neither deleted nor missing. Now, independent of the time range.',
    query: `
      select count(*) as open
      from reporting.cases
      where ${IN_SELECTED_CASES} and is_open
    `,
  });

const breached = () =>
  number({
    title: 'Targets breached now',
    description:
      'Cases that have exceeded the target of their status (statusTargets in the configuration). Now, independent of the time range. Also 0 if no target is configured.',
    query: `
      select count(*) as breached
      from reporting.status_targets as stay
      where ${ofSelectedCases('stay', IS_PRESENT)} and stay.state = 'breached' and stay.left_at is null
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const dataAge = () =>
  oldestSuccess({
    title: 'Age of the data',
    description:
      'Time since the last successful sync of the account that has waited longest. Accounts without any success are not counted.',
  });
