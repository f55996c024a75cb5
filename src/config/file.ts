import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import { type Issue, issuesFromZod, type Problem, pathText, problemsFrom } from './problems.ts';
import { looseEntries, ruleIssues } from './rules.ts';
import { type FileContent, fileSchema } from './schema.ts';
import { plainTextSecrets, readSecretFiles } from './secrets.ts';
import { substitute, type Variables } from './substitution.ts';
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
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    return failedSource(`cannot be read (${systemErrorCode(error)}); it must be a file that the current user may read`);
  }
  const { content, problems } = parseYaml(source);
  return content === null ? { content, problems, warnings: [] } : validate(content, env, dirname(path));
}

/** The source for a file that CDD_SYNC_CONFIG names and that does not exist. */
export function missingFile(path: string): ConfigSource {
  const message = `names ${path}, which does not exist; correct it, or unset it to use cdd-sync.yaml`;
  return failedSource(message, 'CDD_SYNC_CONFIG');
}

/** The source if there is neither a file nor an account in the environment. */
export const nothingConfigured = failedSource(
  'does not exist in this folder, and the environment names no account. Copy cdd-sync.example.yaml to cdd-sync.yaml, ' +
    'or set DINTERO_ACCOUNT_ID, DINTERO_CLIENT_ID and DINTERO_CLIENT_SECRET. To try cdd-sync without an account, run: npm run demo',
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
    return failedSource(`${reason}; it must have keys such as "accounts:", see cdd-sync.example.yaml`);
  }
  const substituted = substitute(tree, env);
  const entries = looseEntries(substituted.tree);
  const files = await readSecretFiles(entries, folder);
  const parsed = fileSchema.safeParse(substituted.tree);
  const zodIssues = parsed.error?.issues ?? [];
  // Only the first issue of a path is reported, so causes come first: unknown keys, then missing variables.
  const issues = [
    ...issuesFromZod(zodIssues.filter(({ code }) => code === 'unrecognized_keys')),
    ...substituted.issues,
    ...issuesFromZod(zodIssues),
    ...ruleIssues(entries),
    ...files.issues,
  ];
  const problems = problemsFrom(issues, lineOf);
  if (parsed.data === undefined || problems.length > 0) return { content: null, problems, warnings: [] };
  const warnings = [...plainTextSecrets(looseEntries(tree)), ...uselessContracts(parsed.data)].map(
    ({ path, message }) => `${pathText(path)} (line ${lineOf(path)}) ${message}`,
  );
  const content = parsed.data;
  for (const {
    path: [section, index],
    secret,
  } of files.secrets) {
    const entry = content[section][index];
    if (entry !== undefined) entry.clientSecret = secret;
  }
  return { content, problems, warnings };
}

function uselessContracts({ personalData, accounts }: FileContent): Issue[] {
  const message = 'requests data that personalData: drop does not store; remove it';
  return accounts.flatMap(({ includeContracts }, index) =>
    includeContracts && personalData === 'drop' ? [{ path: ['accounts', index, 'includeContracts'], message }] : [],
  );
}
