import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import { number, thresholds } from './panel.ts';
import { IN_SELECTED_ACCOUNTS } from './query.ts';

/** The age of the oldest success of the accounts that are not paused, as a number that turns orange after one hour and red after four. */
export function oldestSuccess({ title, description }: { title: string; description: string }): stat.PanelBuilder {
  return number({
    title,
    description,
    query: `
      select max(minutes_since_success) as minutes
      from reporting.sync_freshness
      where ${IN_SELECTED_ACCOUNTS} and paused_since is null
    `,
  })
    .unit('m')
    .decimals(0)
    .thresholds(thresholds('green', [60, 'orange'], [240, 'red']));
}
