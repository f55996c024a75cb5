import { join } from 'node:path';
import type { Section } from '../row.ts';
import { bounds } from './figures.ts';
import type { Plan } from './plan.ts';
import type { Stage } from './stage.ts';
import { withAndWithout } from './with-and-without.ts';

/** The rows have no digests; programs/without-leaves.ts leaves out the rest of the statements. */
const WITHOUT_DIGESTS = Object.entries({
  revision: 'case_revisions',
  event: 'event_revisions',
  transition: 'status_transitions',
  problem: 'case_problems',
})
  .flatMap(([row, table]) => [withoutDigest(row, table, 'stored'), withoutDigest(`closed_${row}`, table, 'closed')])
  .concat(withoutDigest('bodies', 'event_bodies', 'stored'))
  .join('');

/** The cost of the digest chain in a run: the same runs with and without leaves and links. */
export function ledgerCost(stage: Stage, plan: Plan): Section {
  return withAndWithout(stage, plan, {
    section: 'ledger-cost',
    name: 'digests',
    without: WITHOUT_DIGESTS,
    replacement: join(import.meta.dirname, 'programs/without-leaves.ts'),
    firstLoad: bounds.ledgerFirstLoad,
    changed: bounds.ledgerChanged,
  });
}

function withoutDigest(row: string, table: string, parameter: string): string {
  return `
    create or replace function cdd.${row}_digest(${parameter} cdd.${table}) returns bytea language sql stable
    return null::bytea;`;
}
