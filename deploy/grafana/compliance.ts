import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { restatementMarks } from './annotations.ts';
import { decisions } from './compliance/decisions.ts';
import { linkedCases } from './compliance/linked-cases.ts';
import { restatements } from './compliance/restatements.ts';
import { retention } from './compliance/retention.ts';
import { reviews } from './compliance/reviews.ts';
import { dashboard } from './dashboard.ts';
import { caseVariables } from './variables.ts';

/** For the compliance officer: reviews due, decisions, restated figures, applicants with several cases, and until when cases are kept. */
export function compliance(): Dashboard {
  return dashboard({
    uid: 'cdd-compliance',
    title: 'Compliance',
    description:
      'Periodic reviews, decisions, figures that changed after they were reported, applicants with several cases, and until when cases are kept. A case that several accounts have counts once, in its primary account.',
    time: { from: 'now-12M/M', to: 'now' },
    refresh: '15m',
    freshnessNote: 'As of the last sync of each account.',
    variables: caseVariables(),
    annotations: [restatementMarks()],
    rows: {
      'Periodic reviews': reviews(),
      Decisions: decisions(),
      Restatements: restatements(),
      'Linked cases': linkedCases(),
      Retention: retention(),
    },
  });
}
