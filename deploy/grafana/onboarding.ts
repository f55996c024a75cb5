import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { restatementMarks } from './annotations.ts';
import { dashboard } from './dashboard.ts';
import { backlog } from './onboarding/backlog.ts';
import { decisions } from './onboarding/decisions.ts';
import { funnel } from './onboarding/funnel.ts';
import { targets } from './onboarding/targets.ts';
import { totals } from './onboarding/totals.ts';
import { transitions } from './onboarding/transitions.ts';
import { caseVariables } from './variables.ts';

/** For the people responsible for the cases: counts, progress, decision times, backlog. */
export function onboarding(): Dashboard {
  return dashboard({
    uid: 'cdd-onboarding',
    title: 'Onboarding',
    description:
      "Customer due diligence cases of the selected accounts. A case that several accounts have counts once, in its primary account. Statuses are Dintero's, in small letters.",
    time: { from: 'now-6M/M', to: 'now' },
    refresh: '5m',
    freshnessNote: 'As of the last sync of each account.',
    variables: caseVariables(),
    annotations: [restatementMarks()],
    rows: {
      Overview: totals(),
      Funnel: funnel(),
      Decisions: decisions(),
      Backlog: backlog(),
      Targets: targets(),
      Transitions: transitions(),
    },
  });
}
