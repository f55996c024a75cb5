import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isPublished, type PublishedDigest, parsePublished } from '../../ledger/verify/published.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';

/**
 * The digests that --expect names: `ACCOUNT:NUMBER:DIGEST`, or a file with such lines.
 * @throws UsageError for a line that is none, and for a file that cannot be read.
 */
export async function readExpected(values: readonly string[], cwd: string): Promise<PublishedDigest[]> {
  const published = await Promise.all(
    values.map(async (value) =>
      isPublished(value) ? parsePublished(value, '--expect') : parsePublished(await textOf(value, cwd), value),
    ),
  );
  return published.flat();
}

async function textOf(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new UsageError(`--expect ${visibleLine(file)}: this is not ACCOUNT:NUMBER:DIGEST, and ${reason}`);
  }
}
