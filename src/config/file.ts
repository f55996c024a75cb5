import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, findingsOf, type Problem, pathText, problemsOf } from './problems.ts';
import { entriesOf, ruleFindings } from './rules.ts';
import { type FileContent, fileSchema, keysAt } from './schema.ts';
import { errorCode, readSecretFiles, secretsInClear } from './secrets.ts';
import { substitute, type Variables } from './substitution.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/** Where the accounts are configured: a file, or the environment. */
export type Source = {
  /** Null where there are problems. */
  content: FileContent | null;
  problems: Problem[];
  warnings: string[];
};

const nothing = { content: null, warnings: [] };

/** Reads the file whole: form, variables, values, rules, secret files. Null if there is no file of that name. */
export async function readConfigFile(path: string, env: Variables): Promise<Source | null> {
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    const message = `cannot be read (${errorCode(error)}); it must be a file that this user may read`;
    return { ...nothing, problems: [{ path: '', line: null, message }] };
  }
  const { content, problems } = parseYaml(source);
  return content === null ? { ...nothing, problems } : check(content, env, dirname(path));
}

async function check(
  { tree, lineOf }: NonNullable<YamlFile['content']>,
  env: Variables,
  folder: string,
): Promise<Source> {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) {
    const message = `${tree === null ? 'is empty' : 'is no map'}; it must have keys such as "accounts:", see cdd-sync.example.yaml`;
    return { ...nothing, problems: [{ path: '', line: null, message }] };
  }
  const filled = substitute(tree, env);
  const entries = entriesOf(filled.tree);
  const files = await readSecretFiles(entries, folder);
  const parsed = fileSchema.safeParse(filled.tree);
  const issues = parsed.error?.issues ?? [];
  // The first finding of a path is the one reported: a key that should not be there, then a variable that is not there.
  const findings = [
    ...findingsOf(
      issues.filter(({ code }) => code === 'unrecognized_keys'),
      keysAt,
    ),
    ...filled.findings,
    ...findingsOf(issues, keysAt),
    ...ruleFindings(entries),
    ...files.findings,
  ];
  const problems = problemsOf(findings, lineOf);
  if (parsed.data === undefined || problems.length > 0) return { content: null, problems, warnings: [] };
  const warnings = [...secretsInClear(entriesOf(tree)), ...contractsForNothing(parsed.data)].map(
    ({ path, message }) => `${pathText(path)} (line ${lineOf(path)}) ${message}`,
  );
  return { content: withSecrets(parsed.data, files.secrets), problems, warnings };
}

function contractsForNothing({ personalData, accounts }: FileContent): Finding[] {
  const message = 'asks for what personalData: drop does not store; remove it';
  return accounts.flatMap(({ includeContracts }, index) =>
    includeContracts && personalData === 'drop' ? [{ path: ['accounts', index, 'includeContracts'], message }] : [],
  );
}

function withSecrets(content: FileContent, secrets: ReadonlyMap<string, string>): FileContent {
  const fill = <Entry extends { clientSecret?: string | undefined }>(section: string, entries: Entry[]) =>
    entries.map((entry, index) => ({
      ...entry,
      clientSecret: entry.clientSecret ?? secrets.get(pathText([section, index])),
    }));
  return {
    ...content,
    partners: fill('partners', content.partners),
    accounts: fill('accounts', content.accounts),
  };
}
