// npm run dashboards: writes the JSON files that Grafana reads.
import { writeFile } from 'node:fs/promises';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { compliance } from './compliance.ts';
import { onboarding } from './onboarding.ts';
import { syncHealth } from './sync-health.ts';

/** The text of each file in deploy/grafana/dashboards. */
export function dashboardFiles(): Record<string, string> {
  const text = (dashboard: Dashboard) => `${JSON.stringify(dashboard, null, 2)}\n`;
  return {
    'compliance.json': text(compliance()),
    'onboarding.json': text(onboarding()),
    'sync-health.json': text(syncHealth()),
  };
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(dashboardFiles())) {
    await writeFile(new URL(`dashboards/${file}`, import.meta.url), text);
  }
}
