import type { z } from 'zod';
import { closestTo } from './spelling.ts';

/** Something wrong at a place of the file's tree. The message never repeats a value: any value may be a secret. */
export type Finding = { path: readonly PropertyKey[]; message: string };

/** A finding as a person reads it. */
export type Problem = {
  /** A path in the file, `accounts[1].clientId`, or a variable's name; empty for the file as a whole. */
  path: string;
  /** Line in the file, from 1; null where there is none to name. */
  line: number | null;
  /** What is wrong and what would be right. */
  message: string;
};

/** `accounts[1].clientId` for `['accounts', 1, 'clientId']`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** What zod found, one finding per unknown key; `keysAt` tells which keys a map may have, for the suggestion. */
export function findingsOf(
  issues: readonly z.core.$ZodIssue[],
  keysAt: (path: readonly PropertyKey[]) => readonly string[] = () => [],
): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(issue.path);
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, known) }));
    }
    if (issue.code === 'invalid_key') {
      return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
    }
    return [{ path: issue.path, message: issue.message }];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const closest = closestTo(key, known);
  return closest === null
    ? `is not a known key; known here: ${known.join(', ')}`
    : `is not a known key; did you mean ${closest}?`;
}

/** In the order of the file, and one per path: what is found first at a path makes the rest there follow. */
export function problemsOf(
  findings: readonly Finding[],
  lineOf: (path: readonly PropertyKey[]) => number | null,
): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const { path, message } of findings) {
    const text = pathText(path);
    if (!byPath.has(text)) byPath.set(text, { path: text, line: lineOf(path), message });
  }
  return [...byPath.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Everything that is wrong with the configuration, at once. The message is for people, a line per problem. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], file: string | null) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const heading = `The configuration has ${count}${file === null ? '' : ` (${file})`}:`;
    super([heading, ...problems.map(problemText)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function problemText({ path, line, message }: Problem): string {
  const place = [line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return `  ${place === '' ? 'the file' : place}: ${message}`;
}
