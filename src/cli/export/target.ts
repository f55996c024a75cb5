import { mkdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { ProcessContext } from '../process-context.ts';
import { openError } from './file.ts';
import { type ExportFormat, FORMATS } from './format.ts';

/** Where an export goes. */
export type Target = {
  format: ExportFormat;
  isStdout: boolean;
  /** The file of a view; null = stdout. */
  pathOf: (view: string) => string | null;
};

type Options = { format?: ExportFormat; output?: string };

/**
 * One view goes to stdout, to a file or into a folder; several go into a folder, which is made if it does not exist.
 * Without `--format`, the ending of the file tells it.
 * @throws UsageError when they do not fit together.
 */
export async function targetOf(
  views: readonly unknown[],
  { format: wanted, output = '-' }: Options,
  { terminal, cwd }: Pick<ProcessContext, 'terminal' | 'cwd'>,
): Promise<Target> {
  if (output === '') throw new UsageError('-o needs a file or folder, or - for stdout');
  const format = wanted ?? formatOf(output) ?? 'csv';
  if (output === '-') {
    if (views.length > 1) throw new UsageError('Several views need a folder for their files: add -o FOLDER');
    if (format === 'parquet' && terminal !== null) {
      throw new UsageError('Parquet is not text: write it to a file with -o FILE, or into a pipe');
    }
    return { format, isStdout: true, pathOf: () => null };
  }
  const isFolder = (await stat(resolve(cwd, output)).catch(() => null))?.isDirectory() ?? false;
  if (views.length === 1 && !isFolder && !/[/\\]$/.test(output))
    return { format, isStdout: false, pathOf: () => output };
  if (!isFolder && formatOf(output) !== undefined && !/[/\\]$/.test(output)) {
    throw new UsageError(`Several views need a folder for their files, and ${visibleLine(output)} looks like a file`);
  }
  await mkdir(resolve(cwd, output), { recursive: true }).catch((error: unknown) => {
    throw openError(output, error);
  });
  return { format, isStdout: false, pathOf: (view) => join(output, `${view}.${format}`) };
}

function formatOf(path: string): ExportFormat | undefined {
  const ending = extname(path).slice(1).toLowerCase();
  return ending === 'jsonl' ? 'ndjson' : FORMATS.find((format) => format === ending);
}
