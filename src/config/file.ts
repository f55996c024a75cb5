import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import { doubts } from './doubts.ts';
import { decodeUtf8 } from './encoding.ts';
import { notifyIssues } from './notify-rules.ts';
import { looseChannels, readChannelSecrets } from './notify-secrets.ts';
import { issuesFromZod, type Problem, pathText, problemsFrom } from './problems.ts';
import { looseEntries, ruleIssues } from './rules.ts';
import { type FileContent, fileSchema } from './schema.ts';
import { readSecretFiles } from './secrets.ts';
import { substitute, type Variables } from './substitution.ts';
import { looseViewers, readViewerTokens } from './viewer-tokens.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/** The content of the file, or of the environment in its place. */
export type ConfigSource = {
  /** Null if there are problems. */
  content: FileContent | null;
  problems: Problem[];
  warnings: string[];
};

/** Reads and validates the file: YAML, variables, values, rules, secret files. Null if it does not exist. */
export async function readConfigFile(path: string, env: Variables): Promise<ConfigSource | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' ? null : failedSource(unreadableMessage(code));
  }
  const decoded = decodeUtf8(bytes);
  if ('message' in decoded) return { content: null, problems: [{ path: '', ...decoded }], warnings: [] };
  const { content, problems } = parseYaml(decoded.text);
  return content === null ? { content, problems, warnings: [] } : validate(content, env, dirname(path));
}

function unreadableMessage(code: string | undefined): string {
  if (code === 'EISDIR') return 'is a folder (EISDIR); name the file in it';
  if (code === 'EACCES' || code === 'EPERM') {
    return `may not be read by the user of this process (${code}); check the rights of the file and of its folders`;
  }
  return `cannot be read (${code}); it must be a file`;
}

/** The source for a file that CDD_SYNC_CONFIG names and that does not exist. */
export function missingFile(path: string): ConfigSource {
  const home = path.includes('/~/') ? ' (only a shell replaces ~ by your home folder)' : '';
  const message = `names ${path}, which does not exist${home}; correct it, or unset it to use cdd-sync.yaml`;
  return failedSource(message, 'CDD_SYNC_CONFIG');
}

/** The source if there is neither a file nor an account in the environment. */
export const nothingConfigured = failedSource(
  'does not exist in this folder, and the environment names no account. Run cdd-sync init, which asks for what is needed; ' +
    'or set DINTERO_ACCOUNT_ID, DINTERO_CLIENT_ID and DINTERO_CLIENT_SECRET. To try cdd-sync without an account, run cdd-sync demo',
  'cdd-sync.yaml',
);

function failedSource(message: string, path = ''): ConfigSource {
  return { content: null, problems: [{ path, line: null, message }], warnings: [] };
}

async function validate(
  { tree, lineOf }: NonNullable<YamlFile['content']>,
  env: Variables,
  folder: string,
): Promise<ConfigSource> {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) {
    const reason = tree === null ? 'is empty' : 'is not a map';
    return failedSource(`${reason}; it must have keys such as "accounts:"; cdd-sync init --print shows a whole file`);
  }
  const substituted = substitute(tree, env);
  const entries = looseEntries(substituted.tree);
  const secrets = await readSecrets(substituted.tree, entries, folder);
  const parsed = fileSchema.safeParse(substituted.tree);
  const zodIssues = parsed.error?.issues ?? [];
  // Only the first issue of a path is reported, so causes come first: unknown keys, then missing variables.
  const issues = [
    ...issuesFromZod(
      zodIssues.filter(({ code }) => code === 'unrecognized_keys'),
      substituted.tree,
    ),
    ...substituted.issues,
    ...issuesFromZod(zodIssues, substituted.tree),
    ...ruleIssues(entries),
    ...notifyIssues(substituted.tree, entries),
    ...Object.values(secrets).flatMap((read) => read.issues),
  ];
  const problems = problemsFrom(issues, lineOf);
  const { data: content } = parsed;
  if (content === undefined || problems.length > 0) return { content: null, problems, warnings: [] };
  const warnings = doubts(tree, content).map(
    ({ path, message }) => `${pathText(path)} (line ${lineOf(path)}) ${message}`,
  );
  insertSecrets(content, secrets);
  return { content, problems, warnings };
}

type Secrets = Awaited<ReturnType<typeof readSecrets>>;

/** The secrets in files, by the kind of thing that names them. */
async function readSecrets(tree: unknown, entries: ReturnType<typeof looseEntries>, folder: string) {
  return {
    clients: await readSecretFiles(entries, folder),
    viewers: await readViewerTokens(looseViewers(tree), folder),
    channels: await readChannelSecrets(looseChannels(tree), folder),
  };
}

/** Puts the secrets of files where those of the configuration itself would be. */
function insertSecrets(content: FileContent, { clients, viewers, channels }: Secrets): void {
  for (const { path, secret } of clients.secrets) {
    const [section, index] = path;
    Object.assign(content[section][index] ?? {}, { clientSecret: secret });
  }
  for (const [index, token] of viewers.tokens.entries())
    if (token !== undefined) Object.assign(content.server.viewers[index] ?? {}, { token });
  for (const { index, key, secret } of channels.secrets)
    Object.assign(content.notify.channels[index] ?? {}, { [key]: secret });
}
