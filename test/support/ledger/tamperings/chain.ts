import { OTHER } from '../../cli-fixture.ts';
import { ACCOUNT } from '../../rig.ts';
import type { ChainedCases } from '../chained-history.ts';
import { rowsOf, type Tampering } from './tampering.ts';

const RUN = '00000000-0000-4000-8000-000000000001';

/** Changes of the chain itself. */
export function chainTamperings({ edited, revised, returned }: ChainedCases): Tampering[] {
  const link = (number: number | string) => `where account_id = '${ACCOUNT}' and number = ${number}`;
  const newest = `(select max(number) from cdd.digest_links where account_id = '${ACCOUNT}')`;
  const leaf = { table: 'case_digests' };
  const firstLeaf = `and part = 'document' and recorded_at = (select min(recorded_at) from cdd.case_digests where account_id = '${ACCOUNT}')`;
  return [
    {
      name: 'a leaf changed',
      sql: `update cdd.case_digests set digest = sha256('x') ${rowsOf(edited, firstLeaf)}`,
      ...leaf,
      caseId: edited,
      problem: /^the leaf was changed: it fits neither its rows nor its batch/,
    },
    {
      name: 'the first bytes of the digests of a leaf',
      sql: `update cdd.case_digests set rows = rows || rows ${rowsOf(edited, firstLeaf)}`,
      ...leaf,
      caseId: edited,
      problem: /^the first bytes of the digests of its rows were changed/,
      isInScript: false,
    },
    {
      name: 'rows of an earlier day in a run that is not over',
      sql: `
        insert into cdd.sync_runs (account_id, id, trigger) values ('${ACCOUNT}', '${RUN}', 'manual');
        insert into cdd.case_problems
        select account_id, case_id, 'updated_at', reason, recorded_at - interval '1 s', null, '${RUN}'
        from cdd.case_problems limit 1;
        insert into cdd.case_digests
        select account_id, case_id, at, 'problems', sha256(digest), substr(digest, 1, 4)
        from cdd.row_digests where table_name = 'case_problems' order by at limit 1;
        insert into cdd.batch_digests
        select account_id, '${RUN}', recorded_at, part, 1, sha256(uuid_send(case_id) || digest)
        from cdd.case_digests where part = 'problems' order by recorded_at limit 1`,
      table: 'batch_digests',
      problem: /^a batch of this run is dated before the last batch of an earlier link/,
    },
    {
      name: 'a leaf removed',
      sql: `delete from cdd.case_digests ${rowsOf(edited, firstLeaf)}`,
      ...leaf,
      caseId: edited,
      problem: /^these rows have no leaf: they were added by hand, or it is gone/,
    },
    {
      name: 'the leaf of a return removed',
      sql: `delete from cdd.case_digests ${rowsOf(returned, "and part = 'presence'")}`,
      ...leaf,
      caseId: returned,
      problem: /^these rows have no leaf: they were added by hand, or it is gone/,
    },
    {
      name: 'a leaf added',
      sql: `insert into cdd.case_digests select account_id, gen_random_uuid(), recorded_at, part, digest, rows from cdd.case_digests ${rowsOf(edited, firstLeaf)}`,
      ...leaf,
      problem: /^the leaf was added by hand, or its rows are gone/,
    },
    {
      name: 'a row and its leaf changed',
      sql: `
        update cdd.case_revisions set body = '{}' ${rowsOf(revised, 'and revision = 1')};
        update cdd.case_digests as leaf set digest = (
          select sha256(string_agg(digest, '' order by digest)) from cdd.row_digests as history
          where history.account_id = leaf.account_id and history.case_id = leaf.case_id and history.at = leaf.recorded_at
        ) ${rowsOf(revised, firstLeaf)}`,
      ...leaf,
      caseId: revised,
      problem: /^the leaf was changed with its rows: it does not fit its batch/,
    },
    {
      name: 'a row changed, and its first bytes in the leaf',
      sql: `
        update cdd.case_revisions set body = '{}' ${rowsOf(revised, 'and revision = 1')};
        update cdd.case_digests as leaf set rows = (
          select string_agg(substr(digest, 1, 4), '' order by digest) from cdd.row_digests as history
          where history.account_id = leaf.account_id and history.case_id = leaf.case_id and history.at = leaf.recorded_at
        ) ${rowsOf(revised, firstLeaf)}`,
      ...leaf,
      caseId: revised,
      problem: /^the leaf does not fit its rows, and its first bytes do/,
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
      name: 'the whole chain removed, with the runs',
      sql: `
        set local session_replication_role = replica;
        delete from cdd.digest_links where account_id = '${OTHER}';
        delete from cdd.batch_digests where account_id = '${OTHER}';
        delete from cdd.case_digests where account_id = '${OTHER}';
        delete from cdd.sync_runs where account_id = '${OTHER}';
        set local session_replication_role = origin`,
      account: OTHER,
      table: 'digest_links',
      problem: /^the account has rows, and all links/,
    },
    {
      name: 'a row from before the chain removed',
      sql: `delete from cdd.event_revisions where (account_id, case_id) = (select account_id, case_id from cdd.event_revisions where account_id = '${OTHER}' order by case_id desc limit 1)`,
      account: OTHER,
      table: 'case_revisions',
      problem: /^rows from before the chain/,
      hasRun: false,
    },
  ];
}
