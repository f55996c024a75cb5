import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';

/** A row of reporting.erasures, as `show erasures` prints it. */
const exportedReceipt = z.object({
  account_id: z.string(),
  case_id: z.guid(),
  erased_at: z.string().max(40),
  kind: z.enum(['erased', 'reduced']),
  reason: z.string().nullish(),
});
export type ExportedReceipt = z.output<typeof exportedReceipt>;

/** @throws UsageError for a file that cannot be read, or is not the output of `show erasures`. */
export async function readReceipts(file: string): Promise<ExportedReceipt[]> {
  const content = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it fails';
    throw new UsageError(`${visibleLine(file)} cannot be read: ${reason}`);
  });
  const parsed = z.array(exportedReceipt).safeParse(parseRows(content));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${visibleLine(file)} has no receipts: it must be the output of "cdd-sync show erasures --format json", or ndjson`,
  );
}

/**
 * An array, or one object a line; a byte order mark, which `trim` takes for a space, may come first. Null if it is neither, or empty:
 * an export that failed must not pass for one without receipts.
 */
function parseRows(content: string): unknown {
  const rows = content.trim();
  if (rows === '') return null;
  try {
    if (rows.startsWith('[')) return JSON.parse(rows);
    return rows
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): unknown => JSON.parse(line));
  } catch {
    return null;
  }
}
