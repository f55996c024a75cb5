import type { Section } from '../row.ts';
import type { Plan } from '../speed/plan.ts';
import type { Stage } from '../speed/stage.ts';
import { withAndWithout } from '../speed/with-and-without.ts';
import { bounds } from './figures.ts';

/** Removes everything that exists for the reports only: notes, roll-ups, and the indexes used by them and the views. */
const WITHOUT_REPORTS = `
  drop trigger note_added on cdd.status_transitions;
  drop trigger note_superseded on cdd.status_transitions;
  drop trigger note_added on cdd.cases;
  drop trigger note_ids on cdd.cases;
  drop trigger expect_changed on cdd.cases;
  drop trigger note_changed on cdd.cases;
  drop trigger keep_case_state on cdd.cases;
  drop index cdd.status_transitions_inferred_idx, cdd.status_transitions_time_idx, cdd.event_revisions_time_idx,
    cdd.status_transitions_recorded_idx,
    cdd.event_revisions_error_idx, cdd.event_revisions_superseded_idx, cdd.cases_gone_idx, cdd.cases_account_id_status_since_idx,
    cdd.cases_id_idx, cdd.cases_odd_state_idx, cdd.superseded_case_states_odd_idx, cdd.status_transitions_left_idx, cdd.cases_key_idx,
    cdd.case_revisions_changed_idx, cdd.cases_without_status_idx;
  create or replace function cdd.roll_up(account text) returns void language sql as ''`;

/** The cost of reports in a run: the same runs with and without notes, roll-ups and their indexes. */
export function cost(stage: Stage, plan: Plan): Section {
  return withAndWithout(stage, plan, {
    section: 'reports-cost',
    name: 'reports',
    without: WITHOUT_REPORTS,
    firstLoad: bounds.cost,
    changed: bounds.cost,
  });
}
