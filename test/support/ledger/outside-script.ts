import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

const page = join(import.meta.dirname, '../../../docs/verifying.md');

type Finding = { account_id: string; link: number | null; at: Date | null; case_id: string | null; problem: string };
type Newest = { account_id: string; link: number; digest: string };

/**
 * Runs the script of docs/verifying.md as it stands there, which shares no code with the program. Its own transaction is
 * left out, so that it sees the changes of an open one.
 */
export async function runOutsideScript(client: pg.Client): Promise<{ findings: Finding[]; newest: Newest[] }> {
  const text = await readFile(page, 'utf8');
  const script = /^```sql\n(.*?)^```$/ms.exec(text)?.[1] ?? '';
  const statements = script.replace(/^begin.*?;$/m, '').replace(/^commit;$/m, '');
  const results: unknown = await client.query(statements);
  if (!Array.isArray(results)) throw new Error('the script has one statement only');
  const [findings, newest] = results.filter(({ fields }) => fields.length > 0).map(({ rows }) => rows);
  return { findings, newest };
}
