import type { ContractLinks } from '../../ledger/evidence/contract-links.ts';
import { BYTE_ORDER_MARK, csvLine } from '../../model/csv.ts';
import { visibleText } from '../../model/visible-text.ts';
import type { EvidenceKey, EvidenceTable } from '../../store/ledger/evidence/columns.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { Prisma } from '../../store/postgres/pool.ts';
import { csvValues, type Field, fieldsOf, jsonObject, type Row, selectList } from '../reports/cells.ts';

/** A table with its rows, without contract links. */
export type ReadTable = { name: string; fields: readonly Field[]; rows: readonly Row[] };

/** Reads a table whole: of one case, it is small. */
export async function readTable(
  tx: Transaction,
  table: EvidenceTable,
  { key, links }: { key: EvidenceKey; links: ContractLinks },
): Promise<ReadTable> {
  const fields = fieldsOf(table.columns);
  const rows = await tx.$queryRaw<Row[]>(
    Prisma.sql`select ${selectList(fields)} from (${table.query(key)}) as row_of_case`,
  );
  return { name: table.name, fields, rows: rows.map((row) => withoutLinks(row, fields, links)) };
}

function withoutLinks(row: Row, fields: readonly Field[], links: ContractLinks): Row {
  return Object.fromEntries(
    fields.map(({ name, kind }): [string, string | null] => {
      const text = row[name] ?? null;
      if (text === null) return [name, null];
      if (kind === 'json' || name.endsWith('_text')) return [name, links.fromJsonText(text)];
      // The body of an item that could not be read may be no JSON.
      if (kind === 'text') return [name, name === 'body' ? links.fromUnreadText(text) : links.fromText(text)];
      return [name, text];
    }),
  );
}

/** The rows of the table with this name. */
export function rowsOf(tables: readonly ReadTable[], wanted: string): readonly Row[] {
  return tables.find(({ name }) => name === wanted)?.rows ?? [];
}

/** The hold under which the case was then; undefined = it was not held. */
export function openHold(tables: readonly ReadTable[]): Row | undefined {
  return rowsOf(tables, 'holds').find(({ released_at }) => released_at === null);
}

/** An array with a row on each line. */
export function tableJson({ fields, rows }: ReadTable): string {
  const lines = rows.map((row) => visibleText(JSON.stringify(jsonObject(fields, row))));
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** For spreadsheets. Nested JSON stands in the other file. */
export function tableCsv({ fields, rows }: ReadTable): string {
  const flat = fields.filter(({ kind }) => kind !== 'json');
  return [
    BYTE_ORDER_MARK,
    csvLine(flat.map(({ name }) => name)),
    ...rows.map((row) => csvLine(csvValues(flat, row))),
  ].join('');
}
