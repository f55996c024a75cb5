import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, number, rows, thresholds } from '../panel.ts';
import { IN_SELECTED_ACCOUNTS, RESTATEMENTS } from '../query.ts';

/** Monthly figures that are others now than when they could be reported. */
export function restatements(): Builder<Panel>[] {
  return [count(), list()];
}

const BY_ACCOUNT =
  'Compared with what was known at the beginning of the time range, for months that had begun by then. By account: the choice of country and product does not apply, and a case that several accounts have counts in each.';

const count = () =>
  number({
    title: 'Figures restated',
    description: `Monthly figures that differ now. ${BY_ACCOUNT}`,
    query: `
      select count(*) as figures
      from ${RESTATEMENTS}
      where ${IN_SELECTED_ACCOUNTS}
    `,
  })
    .span(4)
    .height(9)
    .thresholds(thresholds('green', [1, 'orange']));

const list = () =>
  rows({
    title: 'Which figures changed, and by which cases?',
    description: `Was: as known then. Is: as known now. Cases: at most twenty behind the difference. ${BY_ACCOUNT}`,
    query: `
      select
        to_char(month, 'YYYY-MM') as "Month",
        account_id as "Account",
        replace(figure, '_', ' ') as "Figure",
        was as "Was",
        "is" as "Is",
        difference as "Difference",
        array_to_string(case_ids, ', ') as "Cases"
      from ${RESTATEMENTS}
      where ${IN_SELECTED_ACCOUNTS}
      order by month desc, account_id, figure
      limit 200
    `,
  })
    .span(20)
    .overrideByName('Month', field({ width: 90 }))
    .overrideByName('Was', field({ width: 80 }))
    .overrideByName('Is', field({ width: 80 }))
    .overrideByName('Difference', field({ width: 100 }));
