import type { ChainedCases } from '../chained-history.ts';
import { rowsOf, type Tampering } from './tampering.ts';

const REDATED = /^was recorded then, and recorded_at was changed/;
const REOPENED = /^was closed then, and superseded_at was changed or emptied/;

/** Rows of the history that were given another time. */
export function timesTamperings({ edited, revised, odd }: ChainedCases): Tampering[] {
  const event = { table: 'event_revisions', row: /^id \d+, revision \d$/ };
  return [
    {
      name: 'recorded_at of a revision',
      sql: `update cdd.case_revisions set recorded_at = recorded_at - interval '1 day' ${rowsOf(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: REDATED,
    },
    {
      name: 'recorded_at of a problem',
      sql: `update cdd.case_problems set recorded_at = recorded_at - interval '1 day' ${rowsOf(odd, `and path = 'package'`)}`,
      caseId: odd,
      table: 'case_problems',
      row: /^path package/,
      problem: REDATED,
    },
    {
      name: 'a problem recorded before all time',
      sql: `insert into cdd.case_problems select account_id, case_id, 'updated_at', reason, '-infinity', null, run_id from cdd.case_problems ${rowsOf(odd)} limit 1`,
      caseId: odd,
      table: 'case_problems',
      row: /^path updated_at,/,
      problem: /^was not recorded then: it was added by hand/,
    },
    {
      name: 'a revision recorded before our era',
      sql: `update cdd.case_revisions set recorded_at = '4000-01-01 BC' ${rowsOf(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: REDATED,
    },
    {
      name: 'the time of an event in an array of its own',
      sql: `update cdd.event_revisions set recorded_at = recorded_at + interval '1 microsecond' ${rowsOf(edited, 'and bodies_revision = 2')}`,
      caseId: edited,
      ...event,
      problem: REDATED,
    },
    {
      name: 'a problem closed after all time',
      sql: `update cdd.case_problems set superseded_at = 'infinity' ${rowsOf(odd, 'and superseded_at is null')}`,
      caseId: odd,
      table: 'case_problems',
      row: /^path package,/,
      problem: /^was not closed then: superseded_at was set by hand/,
    },
    {
      name: 'superseded_at of an event',
      sql: `update cdd.event_revisions set superseded_at = superseded_at + interval '1 s' ${rowsOf(revised, 'and superseded_at is not null')}`,
      caseId: revised,
      ...event,
      problem: REOPENED,
    },
    {
      name: 'both times of a revision',
      sql: `update cdd.case_revisions set recorded_at = recorded_at + interval '1 s', superseded_at = superseded_at + interval '1 s' ${rowsOf(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: REDATED,
    },
    {
      name: 'a transition reopened',
      sql: `update cdd.status_transitions set superseded_at = null ${rowsOf(edited, 'and superseded_at is not null')}`,
      caseId: edited,
      table: 'status_transitions',
      problem: REOPENED,
    },
    {
      name: 'an event closed early',
      sql: `update cdd.event_revisions set superseded_at = recorded_at + interval '1 s' ${rowsOf(edited, 'and superseded_at is null')}`,
      caseId: edited,
      ...event,
      problem: /^was not closed then: superseded_at was set by hand/,
    },
  ];
}
