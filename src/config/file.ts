import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import { doubtfulRetention, doubtfulReviews } from './doubtful-rules.ts';
import { decodeUtf8 } from './encoding.ts';
import { doubtfulNotify, notifyIssues } from './notify-rules.ts';
import { looseChannels, plainTextChannelSecrets, readChannelSecrets } from './notify-secrets.ts';
import { type Issue, issuesFromZod, type Problem, pathText, problemsFrom } from './problems.ts';
import { looseEntries, ruleIssues } from './rules.ts';
import { isEverySecond } from './schedule.ts';
import { type FileContent, fileSchema } from './schema.ts';
import { plainTextSecrets, readSecretFiles } from './secrets.ts';
import { substitute, type Variables } from './substitution.ts';
import { looseViewers, plainTextTokens, readViewerTokens } from './viewer-tokens.ts';
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
  const files = await readSecretFiles(entries, folder);
  const viewers = await readViewerTokens(looseViewers(substituted.tree), folder);
  const channels = await readChannelSecrets(looseChannels(substituted.tree), folder);
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
    ...files.issues,
    ...viewers.issues,
    ...notifyIssues(substituted.tree, entries),
    ...channels.issues,
  ];
  const problems = problemsFrom(issues, lineOf);
  if (parsed.data === undefined || problems.length > 0) return { content: null, problems, warnings: [] };
  const { reports, retention } = parsed.data;
  const warnings = [
    ...plainTextSecrets(looseEntries(tree)),
    ...plainTextTokens(looseViewers(tree)),
    ...plainTextChannelSecrets(looseChannels(tree)),
    ...uselessContracts(parsed.data),
    ...uselessFacts(parsed.data),
    ...hurriedSchedules(parsed.data),
    ...doubtfulReviews(reports.reviews, reports.facts),
    ...doubtfulRetention(retention, reports.facts),
    ...doubtfulNotify(parsed.data),
  ].map(({ path, message }) => `${pathText(path)} (line ${lineOf(path)}) ${message}`);
  const content = parsed.data;
  for (const {
    path: [section, index],
    secret,
  } of files.secrets) {
    const entry = content[section][index];
    if (entry !== undefined) entry.clientSecret = secret;
  }
  for (const [index, viewer] of content.server.viewers.entries()) {
    const token = viewers.tokens[index];
    if (token !== undefined) viewer.token = token;
  }
  for (const { index, key, secret } of channels.secrets)
    Object.assign(content.notify.channels[index] ?? {}, { [key]: secret });
  return { content, problems, warnings };
}

function uselessContracts({ personalData, accounts }: FileContent): Issue[] {
  const message = `requests data that personalData: ${personalData} does not store; remove it`;
  return accounts.flatMap(({ includeContracts }, index) =>
    includeContracts && personalData !== 'keep' ? [{ path: ['accounts', index, 'includeContracts'], message }] : [],
  );
}

function uselessFacts({ personalData, reports }: FileContent): Issue[] {
  const message = `reads events[].case, which personalData: ${personalData} does not store; it will have no value`;
  const useless = Object.entries(reports.facts).filter(([, path]) => /\bcase\b/.test(path));
  return personalData === 'keep' ? [] : useless.map(([fact]) => ({ path: ['reports', 'facts', fact], message }));
}

function hurriedSchedules({ schedule, accounts }: FileContent): Issue[] {
  const message = 'is due every second: of six fields, the first is the seconds. For every minute write "* * * * *"';
  const all = [
    { path: ['schedule'], schedule },
    ...accounts.map((account, index) => ({ path: ['accounts', index, 'schedule'], schedule: account.schedule ?? '' })),
  ];
  return all.flatMap(({ path, schedule: text }) => (isEverySecond(text) ? [{ path, message }] : []));
}
