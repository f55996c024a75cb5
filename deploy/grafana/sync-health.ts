import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { freshness } from './sync-health/freshness.ts';
import { problems } from './sync-health/problems.ts';
import { runs } from './sync-health/runs.ts';

/** For those who run the worker: is what the other dashboard shows fresh and whole? */
export function syncHealth(): Dashboard {
  return dashboard({
    uid: 'cdd-sync-health',
    title: 'Sync health',
    description: 'Whether the cases of the chosen accounts are fresh and whole. A run is one pass over one account.',
    time: { from: 'now-24h', to: 'now' },
    refresh: '1m',
    fresh: 'As of the last refresh.',
    rows: { Freshness: freshness(), Runs: runs(), Problems: problems() },
  });
}
