import type { z } from 'zod';
import { visibleLine } from '../model/visible-text.ts';
import { keysAt, placesOf } from './keys.ts';
import { ODD_SPACE } from './must-be.ts';
import { fileSchema } from './schema.ts';
import { closestMatch } from './spelling.ts';

/** A problem at a path of the parsed file. The message never repeats a value, because any value may be a secret. */
export type Issue = { path: readonly PropertyKey[]; message: string };

/** An issue as it is shown to people. */
export type Problem = {
  /** A path in the file, `accounts[1].clientId`, or a variable's name; empty for the file as a whole. */
  path: string;
  /** Line in the file, from 1; null if unknown. */
  line: number | null;
  /** The mistake and its correction. */
  message: string;
};

/** `accounts[1].clientId` for `['accounts', 1, 'clientId']`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** Converts zod's issues of a parsed file: one per unknown key, with a suggestion. */
export function issuesFromZod(zodIssues: readonly z.core.$ZodIssue[], tree: unknown = undefined): Issue[] {
  return zodIssues.flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(issue.path, fileSchema, tree);
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: unknownKeyMessage(key, { known, path: issue.path }),
      }));
    }
    const inner = issue.code === 'invalid_union' ? issue.errors.find(isWithin) : undefined;
    if (inner !== undefined)
      return issuesFromZod(
        inner.map((each) => ({ ...each, path: [...issue.path, ...each.path] })),
        tree,
      );
    if (issue.code === 'invalid_key') {
      return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
    }
    return [{ path: issue.path, message: issue.message }];
  });
}

/** Whether a map was given where one is possible: then only its keys are wrong. */
function isWithin(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ code, path }) => code === 'unrecognized_keys' || path.length > 0);
}

function unknownKeyMessage(
  key: string,
  { known, path }: { known: readonly string[]; path: readonly PropertyKey[] },
): string {
  if (key === '<<') return 'is a merge key, which is not supported; write the keys out';
  if (ODD_SPACE.test(key)) return 'has a no-break or invisible space in it, as copied text often does; type it again';
  const closest = closestMatch(key, known);
  if (closest !== null) return `is not a known key; did you mean ${closest}?`;
  const [place] = placesOf(key, path);
  if (place !== undefined) return `is not a known key here; it belongs ${place}: check the indentation`;
  return `is not a known key; known here: ${known.join(', ')}`;
}

/** One problem per path, because the first usually causes the others; in the order of the file. */
export function problemsFrom(
  issues: readonly Issue[],
  lineOf: (path: readonly PropertyKey[]) => number | null,
): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const { path, message } of issues) {
    const text = pathText(path);
    if (!byPath.has(text)) byPath.set(text, { path: text, line: lineOf(path), message });
  }
  return [...byPath.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** All problems of the configuration. The message is for people, one line per problem. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], file: string | null) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const heading = `The configuration has ${count}${file === null ? '' : ` (${visibleLine(file)})`}:`;
    super([heading, ...problems.map(problemText)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function problemText({ path, line, message }: Problem): string {
  const place = [line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return visibleLine(`  ${place === '' ? 'the file' : place}: ${message}`);
}
