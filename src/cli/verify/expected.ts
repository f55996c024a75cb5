import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isPublished, type PublishedDigest, parsePublished } from '../../ledger/verify/published.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';

/**
 * The digests that --expect names: `ACCOUNT:NUMBER:DIGEST`, or a file with such lines.
 * @throws UsageError for a line that is none, and for a file that cannot be read or has no digest.
 */
export async function readExpected(values: readonly string[], cwd: string): Promise<PublishedDigest[]> {
  const published = await Promise.all(
    values.map(async (value) =>
      isPublished(value) ? parsePublished(value, '--expect') : parseFile(await textOf(value, cwd), value),
    ),
  );
  return published.flat();
}

/** A file of which everything was lost must not pass as one in which everything fits. */
function parseFile(text: string, file: string): PublishedDigest[] {
  const published = parsePublished(text, file);
  if (published.length > 0) return published;
  throw new UsageError(`--expect ${visibleLine(file)}: the file has no line of ACCOUNT:NUMBER:DIGEST`);
}

/** Windows PowerShell writes UTF-16 when a command's output goes into a file. */
async function textOf(file: string, cwd: string): Promise<string> {
  try {
    const bytes = await readFile(resolve(cwd, file));
    return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new UsageError(`--expect ${visibleLine(file)}: this is not ACCOUNT:NUMBER:DIGEST, and ${reason}`);
  }
}
