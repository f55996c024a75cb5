import { BYTE_ORDER_MARK, csvLine } from '../../model/csv.ts';
import { csvValues, type Field, jsonObject, type Row } from '../reports/cells.ts';
import type { ExportFormat } from './format.ts';
import { ParquetEncoder } from './parquet.ts';

export type Chunk = string | Uint8Array;

/** Makes the pieces of a file, in order. Memory does not grow with the rows. */
export type Encoder = {
  begin: () => Chunk;
  /** May be empty: rows can wait for more of them. */
  add: (rows: readonly Row[]) => Chunk;
  end: () => Chunk;
};

/**
 * The encoder of a format. `isFile`: people open files in Excel, which needs a byte order mark; programs read pipes, and
 * some take the mark for a part of the first heading.
 */
export function encoderOf(format: ExportFormat, fields: readonly Field[], { isFile }: { isFile: boolean }): Encoder {
  if (format === 'parquet') return new ParquetEncoder(fields);
  if (format === 'ndjson') {
    const line = (row: Row) => `${JSON.stringify(jsonObject(fields, row))}\n`;
    return { begin: () => '', add: (rows) => rows.map(line).join(''), end: () => '' };
  }
  return {
    begin: () => (isFile ? BYTE_ORDER_MARK : '') + csvLine(fields.map(({ name }) => name)),
    add: (rows) => rows.map((row) => csvLine(csvValues(fields, row))).join(''),
    end: () => '',
  };
}
