import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Field, Row } from '../reports/cells.ts';

/** Rows that are written together. Readers like large groups; memory, small ones. */
const ROWS_OF_A_GROUP = 10_000;
/** Characters of a group: a view may have documents in it. */
const CHARACTERS_OF_A_GROUP = 16 * 1024 * 1024;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

type Value = string | number | bigint | boolean | Value[] | null;

/** A column of the file, and how it takes a value that is not null. */
type Column = { name: string; schema: SchemaElement[]; read: (text: string) => Value };

/** A Parquet file, compressed with Snappy, one row group at a time. */
export class ParquetEncoder {
  readonly #columns: readonly Column[];
  readonly #bytes = new ByteWriter(1024 * 1024);
  readonly #writer: ParquetWriter;
  /** Of the group that is being collected, by column: as rows they would take twice the memory. */
  #data: Value[][];
  #characters = 0;

  constructor(fields: readonly Field[]) {
    this.#columns = fields.map(columnOf);
    this.#data = fields.map(() => []);
    const root = { name: 'root', num_children: fields.length };
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [root, ...this.#columns.flatMap(({ schema }) => schema)],
      createdBy: 'cdd-sync',
    });
  }

  begin(): Uint8Array {
    return this.#taken();
  }

  add(rows: readonly Row[]): Uint8Array {
    for (const row of rows) {
      for (const [index, { name, read }] of this.#columns.entries()) {
        const text = row[name] ?? null;
        this.#data[index]?.push(text === null ? null : read(text));
        this.#characters += text?.length ?? 0;
      }
      const size = this.#data[0]?.length ?? 0;
      if (size >= ROWS_OF_A_GROUP || this.#characters >= CHARACTERS_OF_A_GROUP) this.#writeGroup(size);
    }
    return this.#taken();
  }

  end(): Uint8Array {
    const size = this.#data[0]?.length ?? 0;
    if (size > 0) this.#writeGroup(size);
    this.#writer.finish();
    return this.#taken();
  }

  #writeGroup(size: number): void {
    const columnData = this.#columns.map(({ name }, index) => ({ name, data: this.#data[index] ?? [] }));
    this.#writer.write({ columnData, rowGroupSize: size });
    this.#data = this.#columns.map(() => []);
    this.#characters = 0;
  }

  /** The bytes since the last call. Copied: the buffer is used again. */
  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

function columnOf({ name, type, kind }: Field): Column {
  if (kind === 'list') {
    const element = scalarOf('element', type.replace(/\[\]$/, ''));
    const schema: SchemaElement[] = [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...element.schema,
    ];
    return { name, schema, read: (text) => elementsOf(text).map((one) => (one === null ? null : element.read(one))) };
  }
  return scalarOf(name, type);
}

/** The elements of a list, which is a JSON text of texts or numbers. */
function elementsOf(text: string): (string | null)[] {
  const elements: unknown[] = JSON.parse(text);
  return elements.map((element) => (element === null ? null : String(element)));
}

/** Types that are not named here are text, JSON as its text too: readers that know no JSON type keep every digit. */
function scalarOf(name: string, type: string): Column {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  const column = (element: Partial<SchemaElement>, read: Column['read']): Column => ({
    name,
    schema: [{ ...optional, ...element }],
    read,
  });
  switch (type) {
    case 'smallint':
    case 'integer':
      return column({ type: 'INT32' }, Number);
    case 'bigint':
      return column({ type: 'INT64' }, BigInt);
    case 'numeric':
      return column({ type: 'DOUBLE' }, Number);
    case 'boolean':
      return column({ type: 'BOOLEAN' }, (text) => text === 'true');
    case 'date':
      return column({ type: 'INT32', converted_type: 'DATE' }, daysOf);
    case 'timestamp with time zone': {
      const logical = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;
      return column({ type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: logical }, microsOf);
    }
    default:
      return column({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, String);
  }
}

const DAY_MS = 86_400_000;

/** Days since 1970, or null. */
function daysOf(text: string): number | null {
  const ms = dayMs(text);
  return ms === null ? null : ms / DAY_MS;
}

/** Microseconds since 1970, UTC, of a time as Postgres prints it, or null. */
function microsOf(text: string): bigint | null {
  const [, day = '', time = '', fraction = '', era = ''] =
    /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00( BC)?$/.exec(text) ?? [];
  const ms = dayMs(day + era);
  if (ms === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const milliseconds = ms + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/**
 * Milliseconds since 1970 of the beginning of a day as Postgres prints it, such as `2026-11-03`, `10000-01-01` or
 * `0044-03-15 BC`. Null for infinity, which Parquet does not have, and for years above 275,000, which Date does not have.
 */
function dayMs(text: string): number | null {
  const [, year, month, day, era] = /^(\d{4,})-(\d\d)-(\d\d)( BC)?$/.exec(text) ?? [];
  if (year === undefined) return null;
  // The year before 1 is 1 BC.
  const fullYear = era === undefined ? Number(year) : 1 - Number(year);
  const ms = new Date(0).setUTCFullYear(fullYear, Number(month) - 1, Number(day));
  return Number.isNaN(ms) ? null : ms;
}
