import { OTHER } from '../../cli-fixture.ts';
import type { ChainedCases } from '../chained-history.ts';
import { rowsOf, type Tampering } from './tampering.ts';

const ADDED = /^was not recorded then: it was added by hand/;
const GONE = /^was recorded, and is gone/;

/** Rows of the history that were added, removed, or given to another case or account. */
export function rowsTamperings({ edited, odd, revised, missing }: ChainedCases): Tampering[] {
  const copy = (table: string, columns: string, values: string, where: string) =>
    `insert into cdd.${table} (account_id, case_id, ${columns}) select account_id, case_id, ${values} from cdd.${table} ${where} limit 1`;
  return [
    {
      name: 'a revision added',
      sql: copy(
        'case_revisions',
        'revision, body, recorded_at, superseded_at, run_id',
        '9, body, recorded_at, recorded_at, run_id',
        rowsOf(edited),
      ),
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 9$/,
      problem: ADDED,
    },
    {
      name: 'an event added',
      sql: copy(
        'event_revisions',
        'id, revision, recorded_at, run_id, bodies_revision, place',
        '1, 1, recorded_at, run_id, 1, 0',
        rowsOf(edited),
      ),
      caseId: edited,
      table: 'event_revisions',
      row: /^id 1, revision 1$/,
      problem: ADDED,
    },
    {
      name: 'an array of events added',
      sql: copy('event_bodies', 'revision, bodies', '77, bodies', rowsOf(edited)),
      caseId: edited,
      table: 'event_bodies',
      row: /^revision 77$/,
      problem: /^is named by no event/,
    },
    {
      name: 'a transition added',
      sql: copy(
        'status_transitions',
        'sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id, recorded_at, run_id',
        `77, 'ARCHIVED', occurred_at, to_status, occurred_at, occurred_at_source, event_id, recorded_at + interval '1 s', run_id`,
        rowsOf(edited),
      ),
      caseId: edited,
      table: 'status_transitions',
      row: /^sequence 77, /,
      problem: ADDED,
    },
    {
      name: 'a problem added',
      sql: copy(
        'case_problems',
        'path, reason, recorded_at, run_id',
        `'updated_at', reason, recorded_at, run_id`,
        rowsOf(odd),
      ),
      caseId: odd,
      table: 'case_problems',
      row: /^path updated_at/,
      problem: ADDED,
    },
    {
      name: 'a revision removed',
      sql: `delete from cdd.case_revisions ${rowsOf(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: GONE,
    },
    {
      name: 'the newest revision removed',
      sql: `delete from cdd.case_revisions ${rowsOf(edited, 'and superseded_at is null')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision \d$/,
      problem: GONE,
    },
    {
      name: 'an event removed',
      sql: `delete from cdd.event_revisions ${rowsOf(revised, 'and superseded_at is null and revision = 1 and place = 1')}`,
      caseId: revised,
      table: 'event_revisions',
      row: /^id \d+, revision 1$/,
      problem: GONE,
    },
    {
      name: 'an array of events removed',
      sql: `delete from cdd.event_bodies ${rowsOf(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'event_bodies',
      row: /^revision 1$/,
      problem: GONE,
    },
    {
      name: 'an array of events from before the chain removed',
      sql: `delete from cdd.event_bodies where (account_id, case_id, revision) = (
        select account_id, case_id, revision from cdd.event_bodies where account_id = '${OTHER}' order by revision limit 1)`,
      account: OTHER,
      table: 'event_bodies',
      row: /^revision 1$/,
      problem: /^is named by an event, and is gone/,
    },
    {
      name: 'a transition removed',
      sql: `delete from cdd.status_transitions ${rowsOf(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
    {
      name: 'a corrected transition removed',
      sql: `delete from cdd.status_transitions ${rowsOf(edited, 'and superseded_at is not null and sequence = 2')}`,
      caseId: edited,
      table: 'status_transitions',
      row: /^sequence 2, recorded at /,
      problem: GONE,
    },
    {
      name: 'an event of a missing case removed',
      sql: `delete from cdd.event_revisions ${rowsOf(missing, `and id = (select max(id) from cdd.event_revisions ${rowsOf(missing)})`)}`,
      caseId: missing,
      table: 'event_revisions',
      row: /^id \d+, revision 1$/,
      problem: GONE,
    },
    {
      name: 'a problem removed',
      sql: `delete from cdd.case_problems ${rowsOf(odd, `and path = 'created_at'`)}`,
      caseId: odd,
      table: 'case_problems',
      problem: /gone/,
    },
    {
      name: 'rows of two cases swapped',
      sql: `
        update cdd.status_transitions set sequence = 98 ${rowsOf(edited, 'and sequence = 2 and superseded_at is not null')};
        update cdd.status_transitions set case_id = '${edited}' ${rowsOf(revised, 'and sequence = 2')};
        update cdd.status_transitions set case_id = '${revised}', sequence = 2 ${rowsOf(edited, 'and sequence = 98')}`,
      table: 'status_transitions',
      row: /^sequence 2, /,
      problem: /^was recorded for case /,
    },
    {
      name: 'a row given to a case that does not exist',
      sql: `update cdd.event_revisions set case_id = gen_random_uuid() ${rowsOf(revised, 'and superseded_at is not null')}`,
      table: 'event_revisions',
      row: /^id \d+, revision 1$/,
      problem: /^was recorded for case /,
    },
    {
      name: 'an event with an array of its own removed',
      sql: `delete from cdd.event_revisions ${rowsOf(edited, 'and bodies_revision = 2')}`,
      caseId: edited,
      table: 'event_revisions',
      row: /^id \d+, revision 1$/,
      problem: GONE,
    },
    {
      name: 'a row given to another account',
      sql: `update cdd.status_transitions set account_id = '${OTHER}' ${rowsOf(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
    {
      name: 'a row given to an account that does not exist',
      sql: `update cdd.status_transitions set account_id = 'P99999999' ${rowsOf(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
  ];
}
