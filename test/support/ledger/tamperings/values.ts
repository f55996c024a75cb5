import type { ChainedCases } from '../chained-history.ts';
import { rowsOf, type Tampering } from './tampering.ts';

const CHANGED = /^was changed after it was recorded/;

/** Values that were changed in rows of the history. */
export function valuesTamperings({ edited, odd, late, revised }: ChainedCases): Tampering[] {
  const revision = { table: 'case_revisions', row: /^revision 1$/, problem: CHANGED };
  const event = { table: 'event_revisions', row: /^id \d+, revision 1$/, problem: CHANGED };
  const transition = { table: 'status_transitions', row: /^sequence 1, recorded at /, problem: CHANGED };
  const firstEvent = (caseId: string) =>
    `and id = (select min(id) from cdd.event_revisions ${rowsOf(caseId)}) and revision = 1`;
  const change = (table: string, set: string, where: string) => `update cdd.${table} set ${set} ${where}`;
  return [
    {
      name: 'a value of a document',
      sql: change(
        'case_revisions',
        `body = jsonb_set(body, '{package}', '"none"')`,
        rowsOf(edited, 'and revision = 1'),
      ),
      caseId: edited,
      ...revision,
    },
    {
      name: 'the events of a document',
      sql: change('case_revisions', `body = body || '{"events": 7}'`, rowsOf(edited, 'and revision = 1')),
      caseId: edited,
      ...revision,
    },
    {
      name: 'the ids of the events of a document',
      sql: change('case_revisions', `body = body || '{"events": ["x", 1.5]}'`, rowsOf(edited, 'and revision = 1')),
      caseId: edited,
      ...revision,
    },
    {
      name: 'a readable value',
      sql: change(
        'case_revisions',
        `readable = jsonb_set(readable, '{package}', '"none"')`,
        rowsOf(odd, 'and readable is not null'),
      ),
      caseId: odd,
      ...revision,
      row: /^revision/,
    },
    {
      name: 'deleted_at of a revision',
      sql: change(
        'case_revisions',
        `deleted_at = deleted_at + interval '1 s'`,
        rowsOf(late, 'and deleted_at is not null'),
      ),
      caseId: late,
      ...revision,
      row: /^revision/,
    },
    {
      name: 'the run of a revision',
      sql: change('case_revisions', 'run_id = gen_random_uuid()', rowsOf(edited, 'and revision = 1')),
      caseId: edited,
      ...revision,
      problem: /^was recorded by that run, and run_id was changed/,
    },
    {
      name: 'the text of an event',
      sql: change('event_revisions', `error = 'none'`, rowsOf(revised, firstEvent(revised))),
      caseId: revised,
      ...event,
    },
    {
      name: 'the status of an event',
      sql: change('event_revisions', `status = 'ACTIVE'`, rowsOf(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'the time of an event',
      sql: change('event_revisions', `occurred_at = occurred_at + interval '1 s'`, rowsOf(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'the place of an event',
      sql: change('event_revisions', 'place = place + 100', rowsOf(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'one event in an array',
      sql: change(
        'event_bodies',
        `bodies = jsonb_set(bodies, '{0,event}', '"none"')`,
        rowsOf(edited, 'and revision = 1'),
      ),
      caseId: edited,
      table: 'event_bodies',
      row: /^revision 1$/,
      problem: CHANGED,
    },
    {
      name: 'the status of a transition',
      sql: change(
        'status_transitions',
        `to_status = 'DECLINED'`,
        rowsOf(edited, 'and sequence = 1 and superseded_at is not null'),
      ),
      caseId: edited,
      ...transition,
    },
    {
      name: 'the time of a transition',
      sql: change(
        'status_transitions',
        `occurred_at = occurred_at - interval '1 day'`,
        rowsOf(revised, 'and sequence = 1'),
      ),
      caseId: revised,
      ...transition,
    },
    {
      name: 'how the time of a transition is known',
      sql: change('status_transitions', `occurred_at_source = 'inferred'`, rowsOf(revised, 'and sequence = 1')),
      caseId: revised,
      ...transition,
    },
    {
      name: 'the number of a transition',
      sql: change('status_transitions', 'sequence = 99', rowsOf(revised, 'and sequence = 2')),
      caseId: revised,
      ...transition,
      row: /^sequence 99, /,
    },
    {
      name: 'the reason of a problem',
      sql: change('case_problems', `reason = 'none'`, rowsOf(odd, `and path = 'created_at'`)),
      caseId: odd,
      table: 'case_problems',
      row: /reason none/,
      problem: CHANGED,
    },
  ];
}
