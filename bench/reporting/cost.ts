import pg from 'pg';
import type { Row, Section } from '../row.ts';
import { detailsOf } from '../speed/first-load.ts';
import { writeList } from '../speed/lists.ts';
import { type Plan, roundsOf } from '../speed/plan.ts';
import type { Pass, Stage } from '../speed/stage.ts';
import { bounds } from './figures.ts';

const ACCOUNT = 'P10000001';

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

type Passes = { first: Pass[]; changed: Pass[] };

/** The cost of reports in a run: the same runs with and without notes, roll-ups and their indexes. */
export function cost(stage: Stage, plan: Plan): Section {
  const lists = { base: stage.file('cost.base'), changed: stage.file('cost.changed') };

  async function measure(passes: Passes, prepare: string): Promise<void> {
    const database = await stage.freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(prepare);
    await client.end();
    for (const [variant, into] of [
      ['base', passes.first],
      ['changed', passes.changed],
    ] as const) {
      await stage.api.serve({ [ACCOUNT]: { path: lists[variant], gzip: false, etag: null } });
      await stage.settle();
      into.push(...(await stage.work({ url: database.url, accounts: [ACCOUNT] })).passes);
    }
    await database.drop();
  }

  async function run(): Promise<Row[]> {
    for (const variant of ['base', 'changed'] as const) {
      await writeList(lists[variant], { account: ACCOUNT, cases: plan.cases, variant });
    }
    const reports: Passes = { first: [], changed: [] };
    const none: Passes = { first: [], changed: [] };
    for (const _ of roundsOf('cost of the reports', plan)) {
      await measure(reports, '');
      await measure(none, WITHOUT_REPORTS);
    }
    return [
      rowOf(`first load with reports, ${plan.cases} cases`, reports.first, none.first),
      rowOf('1 % of cases changed with reports', reports.changed, none.changed),
    ];
  }

  return { name: 'reports-cost', run };
}

function rowOf(figure: string, measured: Pass[], yardstick: Pass[]): Row {
  return {
    figure,
    measured: { unit: 'ms', samples: measured.map(({ ms }) => ms) },
    yardstick: { unit: 'ms', samples: yardstick.map(({ ms }) => ms), what: 'without reports' },
    details: {
      ...detailsOf(measured),
      'cpu of Postgres without': yardstick.flatMap(({ postgresCpuMs }) => postgresCpuMs ?? []),
    },
    ...bounds.cost,
  };
}
