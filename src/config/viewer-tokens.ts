import { resolve } from 'node:path';
import { z } from 'zod';
import type { Issue } from './problems.ts';
import { isPlainText, readSecretFile } from './secrets.ts';
import { tokenProblem } from './viewers.ts';

// Rules between the keys of server.viewers, which work on any file that can be read, as those of rules.ts do.

// Of any type: the schema reports wrong ones.
const looseViewer = z.object({
  name: z.unknown().optional(),
  token: z.unknown().optional(),
  tokenFile: z.unknown().optional(),
});
const looseServer = z.object({ server: z.object({ viewers: z.array(z.unknown()).catch([]) }) });

type LooseViewer = z.output<typeof looseViewer>;

/** The viewers of a parsed file, as far as they can be read; null for an item that is no map. */
export function looseViewers(tree: unknown): (LooseViewer | null)[] {
  const found = looseServer.safeParse(tree).data;
  return (found?.server.viewers ?? []).map((item) => looseViewer.safeParse(item).data ?? null);
}

/** The viewers' tokens by position, and their problems. Relative file names start at `folder`. */
export async function readViewerTokens(
  viewers: readonly (LooseViewer | null)[],
  folder: string,
): Promise<{ tokens: (string | undefined)[]; issues: Issue[] }> {
  const tokens: (string | undefined)[] = [];
  const issues: Issue[] = [];
  for (const [index, viewer] of viewers.entries()) {
    const report = (key: keyof LooseViewer, message: string) =>
      issues.push({ path: ['server', 'viewers', index, key], message });
    const read = viewer === null ? {} : await tokenOf(viewer, folder, report);
    const { name } = viewer ?? {};
    if (name !== undefined && viewers.findIndex((other) => other?.name === name) < index)
      report('name', 'is the name of a viewer above; give each its own');
    if (read.token !== undefined && tokens.includes(read.token))
      report(read.key, 'is the token of a viewer above; give each its own');
    tokens.push(read.token);
  }
  return { tokens, issues };
}

type Read = { token?: undefined } | { token: string; key: 'token' | 'tokenFile' };

async function tokenOf(
  { token, tokenFile }: LooseViewer,
  folder: string,
  report: (key: keyof LooseViewer, message: string) => void,
): Promise<Read> {
  if (token === undefined && tokenFile === undefined) {
    report('token', `is missing; give token: \${NAME}, or tokenFile`);
    return {};
  }
  if (token !== undefined && tokenFile !== undefined) {
    report('tokenFile', 'is given together with token; keep one of the two');
    return {};
  }
  if (typeof token === 'string') return { token, key: 'token' };
  if (typeof tokenFile !== 'string') return {};
  const outcome = await readSecretFile(resolve(folder, tokenFile));
  const problem = 'message' in outcome ? outcome.message : fileProblem(outcome.secret);
  if (problem !== '') report('tokenFile', problem);
  return 'secret' in outcome ? { token: outcome.secret, key: 'tokenFile' } : {};
}

function fileProblem(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token))
    return 'names a file whose token has other characters than those of ASCII without spaces';
  const problem = tokenProblem(token);
  return problem === '' ? '' : `names a file whose token ${problem}`;
}

/** Tokens that are written in the file itself. Takes the viewers before variables are substituted. */
export function plainTextTokens(viewers: readonly (LooseViewer | null)[]): Issue[] {
  const message = `is in plain text; put it in an environment variable and write \${NAME} here`;
  return viewers.flatMap((viewer, index) =>
    isPlainText(viewer?.token) ? [{ path: ['server', 'viewers', index, 'token'], message }] : [],
  );
}
