// Checks the digests of an evidence folder from its files alone, by docs/verifying.md.
import { createHash } from 'node:crypto';
import { expect } from 'vitest';

type Files = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, string | number | boolean | null>>;

const OIDS = { text: 25, int4: 23, int8: 20, timestamptz: 1184, uuid: 2950, bytea: 17 } as const;
type Value = readonly [type: keyof typeof OIDS, value: Row[string] | undefined];

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const bytes = (hex: Row[string] | undefined) => Buffer.from(String(hex), 'hex');
const uuid = (text: Row[string] | undefined) => bytes(String(text).replaceAll('-', ''));

const int = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};

const long = (value: bigint) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
};

/** Microseconds since 2000, of a time such as 2026-11-03T14:05:09.123456Z. */
function timestamp(text: string): Buffer {
  const [, second = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? [];
  const micros = BigInt(Date.parse(`${second}Z`) - Date.UTC(2000, 0, 1)) * 1000n + BigInt(fraction.padEnd(6, '0'));
  return long(micros);
}

const ENCODERS: Record<keyof typeof OIDS, (value: Row[string] | undefined) => Buffer> = {
  text: (value) => Buffer.from(String(value)),
  int4: (value) => int(Number(value)),
  int8: (value) => long(BigInt(String(value))),
  timestamptz: (value) => timestamp(String(value)),
  uuid,
  bytea: bytes,
};

/** A record as Postgres sends it: the number of fields, then type, length and content of each. */
function record(values: readonly Value[]): Buffer {
  const fields = values.flatMap(([type, value]) => {
    const content = value === null ? Buffer.of() : ENCODERS[type](value);
    return [int(OIDS[type]), int(value === null ? -1 : content.length), content];
  });
  return Buffer.concat([int(values.length), ...fields]);
}

/** Digests of rows as they were added, for which the files have everything. */
function rowDigestsOf(files: Files): string[] {
  const read = (name: string): Row[] => JSON.parse(files[`tables/${name}.json`] ?? '');
  const jsonDigest = (text: Row[string] | undefined) =>
    text === null ? null : sha256(Buffer.of(1), Buffer.from(String(text))).toString('hex');
  const revisions = read('digest-revisions').map((row) =>
    record([
      ['text', 'case_revisions'],
      ['int4', row.revision],
      ['bytea', jsonDigest(row.body_text)],
      ['timestamptz', row.recorded_at],
      ['uuid', row.run_id],
      ['timestamptz', row.deleted_at],
      ['bytea', jsonDigest(row.readable_text)],
    ]),
  );
  const transitions = read('transitions').map((row) =>
    record([
      ['text', 'status_transitions'],
      ['int4', row.sequence],
      ['text', row.from_status],
      ['text', row.to_status],
      ['timestamptz', row.occurred_at],
      ['text', row.occurred_at_source],
      ['int8', row.event_id],
      ['timestamptz', row.recorded_at],
      ['uuid', row.run_id],
      ['timestamptz', row.from_since],
    ]),
  );
  const problems = read('problems').map((row) =>
    record([
      ['text', 'case_problems'],
      ['text', row.path],
      ['text', row.reason],
      ['timestamptz', row.recorded_at],
      ['uuid', row.run_id],
    ]),
  );
  return [...revisions, ...transitions, ...problems].map((row) => sha256(row).toString('hex'));
}

/** Recomputes rows from the tables, leaves from rows, batches from leaves, and links from batches; returns how many of each were compared. */
export function expectDigestsFit(files: Files) {
  const read = (name: string): Row[] => JSON.parse(files[`tables/digest-${name}.json`] ?? '');
  const evidence: Row = JSON.parse(files['case.json'] ?? '');
  const [leaves, rows, batches, others, links] = ['leaves', 'rows', 'batches', 'other-leaves', 'links'].map(read);
  if (!(leaves && rows && batches && others && links)) throw new Error('a file is missing');
  const isSame = (a: Row) => (b: Row) => a.recorded_at === b.recorded_at && a.part === b.part;
  const computed = rowDigestsOf(files);
  const known = rows.map(({ digest }) => digest);
  expect(computed.filter((digest) => !known.includes(digest))).toEqual([]);
  for (const leaf of leaves) {
    const ofLeaf = rows.filter(
      ({ at, table_name }) =>
        at === leaf.recorded_at && (table_name === 'case_problems') === (leaf.part === 'problems'),
    );
    expect([leaf, sha256(...ofLeaf.map(({ digest }) => bytes(digest)).sort(Buffer.compare)).toString('hex')]).toEqual([
      leaf,
      leaf.digest,
    ]);
  }
  for (const batch of batches.filter(({ has_case }) => has_case)) {
    const own = leaves.filter(isSame(batch)).map((leaf): Row => ({ ...leaf, case_id: evidence.case_id ?? null }));
    const ofBatch = [...own, ...others.filter(isSame(batch))].map((leaf) =>
      Buffer.concat([uuid(leaf.case_id), bytes(leaf.digest)]),
    );
    expect([batch.cases, sha256(...ofBatch.sort(Buffer.compare)).toString('hex')]).toEqual([
      ofBatch.length,
      batch.digest,
    ]);
  }
  for (const link of links) {
    const { account_id } = evidence;
    const fields = record([
      ['text', account_id],
      ['int4', link.number],
      ['text', link.kind],
      ['timestamptz', link.linked_at],
      ['uuid', link.run_id],
      ['bytea', link.content],
      ['bytea', link.previous],
    ]);
    expect([link.number, sha256(fields).toString('hex')]).toEqual([link.number, link.digest]);
    const ofRun = batches.filter(({ run_id }) => run_id === link.run_id);
    if (ofRun.length === 0) continue;
    const content = ofRun.map((batch) =>
      record([
        ['timestamptz', batch.recorded_at],
        ['text', batch.part],
        ['int4', batch.cases],
        ['bytea', batch.digest],
      ]),
    );
    expect([link.number, sha256(...content).toString('hex')]).toEqual([link.number, link.content]);
  }
  return { rows: computed.length, leaves: leaves.length, batches: batches.length, links: links.length };
}
