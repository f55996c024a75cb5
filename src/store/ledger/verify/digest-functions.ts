import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { historyTables } from './history-tables.ts';

/** A row that fits every table of the ledger: each takes its columns from it. */
const SAMPLE = JSON.stringify({
  account_id: 'P00000001',
  case_id: '0caeec5f-0000-4000-8000-000000000001',
  run_id: '0caeec5f-0000-4000-8000-000000000002',
  recorded_at: '2026-01-02T03:04:05.000006Z',
  superseded_at: '2026-02-03T04:05:06.000007Z',
  revision: 3,
  body: { name: 'Bjørk', amount: 1.0 },
  deleted_at: '2026-01-01T00:00:00Z',
  readable: {},
  id: 4,
  event: 'checked',
  status: 'ACTIVE',
  occurred_at: '2025-12-31T23:59:59Z',
  request_id: 'r',
  error: 'none',
  provider_case_id: 'p',
  contract_url: 'c',
  bodies_revision: 5,
  place: 6,
  bodies: [{ id: 4 }],
  sequence: 7,
  from_status: 'A',
  to_status: 'B',
  occurred_at_source: 'event',
  event_id: 4,
  from_since: '2025-12-30T00:00:00Z',
  path: 'package',
  reason: 'odd',
  number: 8,
  kind: 'run',
  linked_at: '2026-03-04T05:06:07.000008Z',
  content: '\\x01',
  previous: '\\x02',
  digest: '\\x03',
  held_at: '2026-01-05T00:00:00Z',
  held_by: 'h',
  held_role: 'i',
  released_at: '2026-01-06T00:00:00Z',
  release_reason: 'j',
  released_by: 'k',
  released_role: 'l',
  erased_at: '2026-01-07T00:00:00Z',
  is_before_time: true,
  kept_until: '2026-01-08T00:00:00Z',
  kinds: { names: 2 },
  erased_by: 'm',
  erased_role: 'n',
  link_number: 9,
});

/** The first four bytes of the SHA-256 of what each function gives for the sample. They never change. */
const KNOWN: Readonly<Record<string, string>> = {
  revision_digest: 'e7f0af57',
  closed_revision_digest: 'b5c081b7',
  event_digest: '157b7f02',
  closed_event_digest: '61f1a8dd',
  bodies_digest: 'b580daa9',
  transition_digest: '619d53e9',
  closed_transition_digest: '43b22cfc',
  problem_digest: '19f62087',
  closed_problem_digest: '4cc75738',
  link_digest: 'e4986f84',
  hold_bytes: '8fce889f',
  receipt_bytes: 'b5179db0',
};

/**
 * The functions of the database that give other digests than this program expects: they were replaced by hand, so that no
 * result of verify could be relied on.
 */
export async function replacedFunctions(tx: Transaction): Promise<string[]> {
  const calls = [
    ...historyTables.flatMap(({ name, added, closed }) => [
      call(added, name),
      ...(closed === null ? [] : [call(closed, name)]),
    ]),
    call('link_digest', 'digest_links'),
    call('hold_bytes', 'legal_holds'),
    call('receipt_bytes', 'erasures'),
  ];
  const rows = await tx.$queryRaw<{ name: string; digest: string }[]>`
    select name, encode(substring(sha256(digest) for 4), 'hex') as digest
    from (${Prisma.join(calls, ' union all ')}) as called (name, digest)`;
  return rows.filter(({ name, digest }) => KNOWN[name] !== digest).map(({ name }) => `cdd.${name}`);
}

/** The names become part of the statement: never pass input. */
function call(name: string, table: string): Prisma.Sql {
  const [quoted, row] = [Prisma.raw(`'${name}', cdd.${name}`), Prisma.raw(`null::cdd.${table}`)];
  return Prisma.sql`select ${quoted}(jsonb_populate_record(${row}, ${SAMPLE}::jsonb))`;
}
