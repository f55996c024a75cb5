import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { freshness } from './sync-health/freshness.ts';
import { problems } from './sync-health/problems.ts';
import { runs } from './sync-health/runs.ts';
import { accountVariables } from './variables.ts';

/** For operators: whether the data is fresh and complete. */
export function syncHealth(): Dashboard {
  return dashboard({
    uid: 'cdd-sync-health',
    title: 'Sync health',
    description: 'Whether the data of the selected accounts is fresh and complete. A run reads one account once.',
    time: { from: 'now-24h', to: 'now' },
    refresh: '1m',
    freshnessNote: 'As of the last refresh.',
    variables: accountVariables(),
    rows: { Freshness: freshness(), Runs: runs(), Problems: problems() },
  });
}
