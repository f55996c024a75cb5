import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { number, thresholds } from '../panel.ts';
import { CHOSEN, PRESENT } from '../query.ts';

/** The numbers at the top. */
export function totals(): Builder<Panel>[] {
  return [opened(), decided(), approvalRate(), median(), ninetieth(), open(), breached(), dataAge()];
}

const opened = () =>
  number({
    title: 'Opened',
    description: 'Cases that were opened in the time range: had their first status in it, or were created in it.',
    query: `
      select count(*) as opened
      from reporting.cases
      where ${CHOSEN} and $__timeFilter(opened_at)
    `,
  });

const decided = () =>
  number({
    title: 'Decided',
    description:
      'Cases that were approved or declined for the first time in the time range, whenever they were opened.',
    query: `
      select count(*) as decided
      from reporting.cases
      where ${CHOSEN} and $__timeFilter(first_decided_at)
    `,
  });

const approvalRate = () =>
  number({
    title: 'Approval rate',
    description: 'Of the cases decided in the time range, the share whose first decision was to approve.',
    query: `
      select count(*) filter (where first_decision = 'approved')::numeric / nullif(count(*), 0) as approval_rate
      from reporting.cases
      where ${CHOSEN} and $__timeFilter(first_decided_at)
    `,
  })
    .unit('percentunit')
    .decimals(1)
    .min(0)
    .max(1)
    .thresholds(thresholds('red', [0.5, 'orange'], [0.75, 'green']));

const toDecision = (share: number) => `
      select percentile_cont(${share}) within group (order by hours_to_decision) as hours
      from reporting.cases
      where ${CHOSEN} and $__timeFilter(first_decided_at)
    `;

const median = () =>
  number({
    title: 'Median time to decision',
    description:
      'From opening to first decision, of the cases decided in the time range: half took no longer. Over the cases of all chosen accounts together.',
    query: toDecision(0.5),
  })
    .unit('h')
    .decimals(1)
    .thresholds(thresholds('green', [24, 'orange'], [72, 'red']));

const ninetieth = () =>
  number({
    title: '90 % decided within',
    description:
      'From opening to first decision, of the cases decided in the time range: nine out of ten took no longer. Over the cases of all chosen accounts together.',
    query: toDecision(0.9),
  })
    .unit('h')
    .decimals(1)
    .thresholds(thresholds('green', [72, 'orange'], [168, 'red']));

const open = () =>
  number({
    title: 'Open now',
    description:
      'Cases that wait for the applicant, are in review, have an error or an unknown status, and are neither deleted nor missing. Now, whatever the time range.',
    query: `
      select count(*) as open
      from reporting.cases
      where ${CHOSEN} and is_open
    `,
  });

const breached = () =>
  number({
    title: 'Targets breached now',
    description:
      'Cases that have been in their status for longer than its target (statusTargets in the configuration). Now, whatever the time range; 0 also when no target is configured.',
    query: `
      select count(*) as breached
      from reporting.status_targets
      join reporting.cases using (account_id, case_id)
      where ${CHOSEN} and state = 'breached' and left_at is null and ${PRESENT}
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const dataAge = () =>
  number({
    title: 'Age of the data',
    description:
      'Time since the last successful sync, of the account with the oldest one. An account without any is not counted.',
    query: `
      select max(minutes_since_success) as minutes
      from reporting.sync_freshness
      where ${CHOSEN}
    `,
  })
    .unit('m')
    .decimals(0)
    .thresholds(thresholds('green', [60, 'orange'], [240, 'red']));
