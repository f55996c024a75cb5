import { OTHER } from '../cli-fixture.ts';
import { ACCOUNT } from '../rig.ts';
import type { ChainedCases } from './chained-history.ts';

/** A change by hand, and what must be said of it first. */
export type Tampering = {
  name: string;
  sql: string;
  account?: string;
  table: string;
  row?: RegExp;
  caseId?: string;
  problem: RegExp;
  /** Whether the script of docs/verifying.md finds it as well; it does not look at cdd.cases. */
  isInScript?: boolean;
};

const CHANGED = /^was changed after it was recorded/;
const ADDED = /^was not recorded then: it was added by hand/;
const GONE = /^was recorded, and is gone/;
const REDATED = /^was recorded then, and recorded_at was changed/;
const REOPENED = /^was closed then, and superseded_at was changed or emptied/;

/** Every kind of change that a superuser can make. */
export function tamperings(cases: ChainedCases): Tampering[] {
  const of = (caseId: string, more = '') => `where account_id = '${ACCOUNT}' and case_id = '${caseId}' ${more}`;
  return [...values(cases, of), ...rows(cases, of), ...times(cases, of), ...chain(cases, of), ...receipts(cases, of)];
}

type Of = (caseId: string, more?: string) => string;

function values({ edited, odd, late, revised }: ChainedCases, of: Of): Tampering[] {
  const revision = { table: 'case_revisions', row: /^revision 1$/, problem: CHANGED };
  const event = { table: 'event_revisions', row: /^id \d+, revision 1$/, problem: CHANGED };
  const transition = { table: 'status_transitions', row: /^sequence 1, recorded at /, problem: CHANGED };
  const firstEvent = (caseId: string) =>
    `and id = (select min(id) from cdd.event_revisions ${of(caseId)}) and revision = 1`;
  const change = (table: string, set: string, where: string) => `update cdd.${table} set ${set} ${where}`;
  return [
    {
      name: 'a value of a document',
      sql: change('case_revisions', `body = jsonb_set(body, '{package}', '"none"')`, of(edited, 'and revision = 1')),
      caseId: edited,
      ...revision,
    },
    {
      name: 'a readable value',
      sql: change(
        'case_revisions',
        `readable = jsonb_set(readable, '{package}', '"none"')`,
        of(odd, 'and readable is not null'),
      ),
      caseId: odd,
      ...revision,
      row: /^revision/,
    },
    {
      name: 'deleted_at of a revision',
      sql: change('case_revisions', `deleted_at = deleted_at + interval '1 s'`, of(late, 'and deleted_at is not null')),
      caseId: late,
      ...revision,
      row: /^revision/,
    },
    {
      name: 'the run of a revision',
      sql: change('case_revisions', 'run_id = gen_random_uuid()', of(edited, 'and revision = 1')),
      caseId: edited,
      ...revision,
      problem: /^was recorded by that run, and run_id was changed/,
    },
    {
      name: 'the text of an event',
      sql: change('event_revisions', `error = 'none'`, of(revised, firstEvent(revised))),
      caseId: revised,
      ...event,
    },
    {
      name: 'the status of an event',
      sql: change('event_revisions', `status = 'ACTIVE'`, of(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'the time of an event',
      sql: change('event_revisions', `occurred_at = occurred_at + interval '1 s'`, of(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'the place of an event',
      sql: change('event_revisions', 'place = place + 100', of(edited, firstEvent(edited))),
      caseId: edited,
      ...event,
    },
    {
      name: 'one event in an array',
      sql: change('event_bodies', `bodies = jsonb_set(bodies, '{0,event}', '"none"')`, of(edited, 'and revision = 1')),
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
        of(edited, 'and sequence = 1 and superseded_at is not null'),
      ),
      caseId: edited,
      ...transition,
    },
    {
      name: 'the time of a transition',
      sql: change(
        'status_transitions',
        `occurred_at = occurred_at - interval '1 day'`,
        of(revised, 'and sequence = 1'),
      ),
      caseId: revised,
      ...transition,
    },
    {
      name: 'how the time of a transition is known',
      sql: change('status_transitions', `occurred_at_source = 'inferred'`, of(revised, 'and sequence = 1')),
      caseId: revised,
      ...transition,
    },
    {
      name: 'the number of a transition',
      sql: change('status_transitions', 'sequence = 99', of(revised, 'and sequence = 2')),
      caseId: revised,
      ...transition,
      row: /^sequence 99, /,
    },
    {
      name: 'the reason of a problem',
      sql: change('case_problems', `reason = 'none'`, of(odd, `and path = 'created_at'`)),
      caseId: odd,
      table: 'case_problems',
      row: /reason none/,
      problem: CHANGED,
    },
  ];
}

function rows({ edited, odd, revised }: ChainedCases, of: Of): Tampering[] {
  const copy = (table: string, columns: string, values: string, where: string) =>
    `insert into cdd.${table} (account_id, case_id, ${columns}) select account_id, case_id, ${values} from cdd.${table} ${where} limit 1`;
  return [
    {
      name: 'a revision added',
      sql: copy(
        'case_revisions',
        'revision, body, recorded_at, superseded_at, run_id',
        '9, body, recorded_at, recorded_at, run_id',
        of(edited),
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
        of(edited),
      ),
      caseId: edited,
      table: 'event_revisions',
      row: /^id 1, revision 1$/,
      problem: ADDED,
    },
    {
      name: 'an array of events added',
      sql: copy('event_bodies', 'revision, bodies', '77, bodies', of(edited)),
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
        of(edited),
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
        of(odd),
      ),
      caseId: odd,
      table: 'case_problems',
      row: /^path updated_at/,
      problem: ADDED,
    },
    {
      name: 'a revision removed',
      sql: `delete from cdd.case_revisions ${of(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: GONE,
    },
    {
      name: 'the newest revision removed',
      sql: `delete from cdd.case_revisions ${of(edited, 'and superseded_at is null')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision \d$/,
      problem: GONE,
    },
    {
      name: 'an event removed',
      sql: `delete from cdd.event_revisions ${of(revised, 'and superseded_at is null and revision = 1 and place = 1')}`,
      caseId: revised,
      table: 'event_revisions',
      row: /^id \d+, revision 1$/,
      problem: GONE,
    },
    {
      name: 'an array of events removed',
      sql: `delete from cdd.event_bodies ${of(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'event_bodies',
      row: /^revision 1$/,
      problem: GONE,
    },
    {
      name: 'a transition removed',
      sql: `delete from cdd.status_transitions ${of(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
    {
      name: 'a problem removed',
      sql: `delete from cdd.case_problems ${of(odd, `and path = 'created_at'`)}`,
      caseId: odd,
      table: 'case_problems',
      problem: /gone/,
    },
    {
      name: 'rows of two cases swapped',
      sql: `
        update cdd.status_transitions set sequence = 98 ${of(edited, 'and sequence = 2 and superseded_at is not null')};
        update cdd.status_transitions set case_id = '${edited}' ${of(revised, 'and sequence = 2')};
        update cdd.status_transitions set case_id = '${revised}', sequence = 2 ${of(edited, 'and sequence = 98')}`,
      table: 'status_transitions',
      row: /^sequence 2, /,
      problem: /^was recorded for case /,
    },
    {
      name: 'a row given to another account',
      sql: `update cdd.status_transitions set account_id = '${OTHER}' ${of(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
    {
      name: 'a row given to an account that does not exist',
      sql: `update cdd.status_transitions set account_id = 'P99999999' ${of(revised, 'and sequence = 1')}`,
      caseId: revised,
      table: 'status_transitions',
      row: /^sequence 1$/,
      problem: GONE,
    },
  ];
}

function times({ edited, revised, odd }: ChainedCases, of: Of): Tampering[] {
  const event = { table: 'event_revisions', row: /^id \d+, revision \d$/ };
  return [
    {
      name: 'recorded_at of a revision',
      sql: `update cdd.case_revisions set recorded_at = recorded_at - interval '1 day' ${of(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: REDATED,
    },
    {
      name: 'recorded_at of a problem',
      sql: `update cdd.case_problems set recorded_at = recorded_at - interval '1 day' ${of(odd, `and path = 'package'`)}`,
      caseId: odd,
      table: 'case_problems',
      row: /^path package/,
      problem: REDATED,
    },
    {
      name: 'superseded_at of an event',
      sql: `update cdd.event_revisions set superseded_at = superseded_at + interval '1 s' ${of(revised, 'and superseded_at is not null')}`,
      caseId: revised,
      ...event,
      problem: REOPENED,
    },
    {
      name: 'both times of a revision',
      sql: `update cdd.case_revisions set recorded_at = recorded_at + interval '1 s', superseded_at = superseded_at + interval '1 s' ${of(edited, 'and revision = 1')}`,
      caseId: edited,
      table: 'case_revisions',
      row: /^revision 1$/,
      problem: REDATED,
    },
    {
      name: 'a transition reopened',
      sql: `update cdd.status_transitions set superseded_at = null ${of(edited, 'and superseded_at is not null')}`,
      caseId: edited,
      table: 'status_transitions',
      problem: REOPENED,
    },
    {
      name: 'an event closed early',
      sql: `update cdd.event_revisions set superseded_at = recorded_at + interval '1 s' ${of(edited, 'and superseded_at is null')}`,
      caseId: edited,
      ...event,
      problem: /^was not closed then: superseded_at was set by hand/,
    },
  ];
}

function chain({ edited, revised }: ChainedCases, of: Of): Tampering[] {
  const link = (number: number | string) => `where account_id = '${ACCOUNT}' and number = ${number}`;
  const newest = `(select max(number) from cdd.digest_links where account_id = '${ACCOUNT}')`;
  const leaf = { table: 'case_digests' };
  const firstLeaf = `and part = 'document' and recorded_at = (select min(recorded_at) from cdd.case_digests where account_id = '${ACCOUNT}')`;
  return [
    {
      name: 'a leaf changed',
      sql: `update cdd.case_digests set digest = sha256('x') ${of(edited, firstLeaf)}`,
      ...leaf,
      problem: /^a leaf of this batch was changed/,
    },
    {
      name: 'a leaf removed',
      sql: `delete from cdd.case_digests ${of(edited, firstLeaf)}`,
      ...leaf,
      problem: /^the batch was made of 12 leaves, and there are 11/,
    },
    {
      name: 'a leaf added',
      sql: `insert into cdd.case_digests select account_id, gen_random_uuid(), recorded_at, part, digest, rows from cdd.case_digests ${of(edited, firstLeaf)}`,
      ...leaf,
      problem: /^the batch was made of 12 leaves, and there are 13/,
    },
    {
      name: 'a row and its leaf changed',
      sql: `
        update cdd.case_revisions set body = '{}' ${of(revised, 'and revision = 1')};
        update cdd.case_digests as leaf set digest = (
          select sha256(string_agg(digest, '' order by digest)) from cdd.row_digests as history
          where history.account_id = leaf.account_id and history.case_id = leaf.case_id and history.at = leaf.recorded_at
        ) ${of(revised, firstLeaf)}`,
      ...leaf,
      problem: /^a leaf of this batch was changed/,
    },
    {
      name: 'a batch changed',
      sql: `update cdd.batch_digests set digest = sha256('x') where account_id = '${ACCOUNT}' and cases = 12`,
      table: 'batch_digests',
      problem: /^the batches of this run were changed/,
    },
    {
      name: 'a batch removed',
      sql: `delete from cdd.batch_digests where account_id = '${ACCOUNT}' and cases = 12`,
      table: 'batch_digests',
      problem: /^the batches of this run are gone/,
    },
    {
      name: 'a link changed',
      sql: `update cdd.digest_links set content = sha256('x') ${link(2)}`,
      table: 'digest_links',
      problem: /^was changed: its digest/,
    },
    {
      name: 'the time of a link',
      sql: `update cdd.digest_links set linked_at = linked_at + interval '1 microsecond' ${link(2)}`,
      table: 'digest_links',
      problem: /^was changed: its digest/,
    },
    {
      name: 'a link changed, with its digest',
      sql: `
        update cdd.digest_links set content = sha256('x') ${link(2)};
        update cdd.digest_links as link set digest = cdd.link_digest(link) ${link(2)}`,
      table: 'digest_links',
      problem: /^contains another digest of link 2/,
    },
    {
      name: 'the first link removed',
      sql: `delete from cdd.digest_links ${link(1)}`,
      table: 'digest_links',
      problem: /^comes after link 0: link 1 is gone/,
    },
    {
      name: 'a link in the middle removed',
      sql: `delete from cdd.digest_links ${link(2)}`,
      table: 'digest_links',
      problem: /^comes after link 1: link 2 is gone/,
    },
    {
      name: 'the last link removed',
      sql: `delete from cdd.digest_links ${link(newest)}`,
      table: 'digest_links',
      problem: /^there is no link for the batches of this run/,
    },
    {
      name: 'the whole chain removed',
      sql: `
        set local session_replication_role = replica;
        delete from cdd.digest_links where account_id = '${ACCOUNT}';
        delete from cdd.batch_digests where account_id = '${ACCOUNT}';
        delete from cdd.case_digests where account_id = '${ACCOUNT}';
        set local session_replication_role = origin`,
      table: 'digest_links',
      problem: /^the account has rows, and all links/,
    },
    {
      name: 'a row from before the chain removed',
      sql: `delete from cdd.event_revisions where (account_id, case_id) = (select account_id, case_id from cdd.event_revisions where account_id = '${OTHER}' order by case_id desc limit 1)`,
      account: OTHER,
      table: 'case_revisions',
      problem: /^rows from before the chain/,
    },
  ];
}

function receipts({ erased, edited, missing, late }: ChainedCases, of: Of): Tampering[] {
  const receipt = { table: 'erasures', problem: /^the receipts of this link were changed, added or removed/ };
  const hold = { table: 'legal_holds', problem: /^the hold or release of this link was changed or removed/ };
  const tombstone = { table: 'cases', isInScript: false };
  return [
    { name: 'the reason of a receipt', sql: `update cdd.erasures set reason = 'none'`, ...receipt },
    { name: 'the kinds of a receipt', sql: `update cdd.erasures set kinds = '{"names": 2}'`, ...receipt },
    {
      name: 'a receipt removed',
      sql: 'delete from cdd.erasures',
      ...receipt,
      problem: /^the receipts of this link are gone/,
    },
    {
      name: 'a receipt added',
      sql: `insert into cdd.erasures select account_id, '${edited}', erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, erased_role, digest, link_number from cdd.erasures`,
      ...receipt,
    },
    {
      name: 'the reason of a hold',
      sql: `update cdd.legal_holds set reason = 'none' ${of(late)}`,
      ...hold,
    },
    {
      name: 'a hold removed',
      sql: `delete from cdd.legal_holds ${of(late)}`,
      ...hold,
    },
    {
      name: 'a release undone',
      sql: `update cdd.legal_holds set released_at = null, release_reason = null, released_role = null ${of(edited)}`,
      ...hold,
    },
    {
      name: 'a row of an erased case',
      sql: `update cdd.case_revisions set body = body - 'package' ${of(erased, 'and revision = 1')}`,
      caseId: erased,
      table: 'erasures',
      problem: /^the rows of this case are not as the receipt/,
    },
    {
      name: 'a case marked as erased',
      sql: `update cdd.cases set erased_at = now() where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      problem: /^erased_at was set, and there is no receipt/,
    },
    {
      name: 'an erased case without its mark',
      sql: `update cdd.cases set erased_at = null where id = '${erased}'`,
      ...tombstone,
      caseId: erased,
      problem: /^has a receipt of having been erased/,
    },
    {
      name: 'the status of a case',
      sql: `update cdd.cases set status = 'DECLINED' where id = '${edited}'`,
      ...tombstone,
      caseId: edited,
      row: /^status$/,
      problem: /^does not fit the history/,
    },
    {
      name: 'a missing case that is there, with all triggers off',
      sql: `
        set local session_replication_role = replica;
        update cdd.cases set missing_since = null where id = '${missing}';
        set local session_replication_role = origin`,
      ...tombstone,
      caseId: missing,
      row: /^missing_since$/,
      problem: /^does not fit the history/,
    },
  ];
}
