import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from './problems.ts';

export type YamlFile = {
  /** Null if there are problems. */
  content: { tree: unknown; lineOf: (path: readonly PropertyKey[]) => number | null } | null;
  problems: Problem[];
};

const quotingAdvice = 'put a value in quotes that begins with * & ! @ % or `, or that has { } [ ] # or ": " in it';

// Replaces the library's own messages, which quote the file: any part of it may be a secret.
const messages: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'a key is given twice in one map; keep one of them',
  TAB_AS_INDENT: 'a tab is used as indentation; use spaces',
  BAD_INDENT: 'the indentation does not fit, or a bracket is not closed; keys of one map begin in the same column',
  MULTIPLE_DOCS: 'a second document begins; the file must be a single one, without --- between keys',
  MISSING_CHAR: 'a character is missing: a closing quote, or the : behind a key',
  BLOCK_AS_IMPLICIT_KEY: `a line holds more than one ": "; ${quotingAdvice}`,
  TAG_RESOLVE_FAILED:
    'a tag (!name) is used; there are none in this file. If it belongs to a value, put that in quotes',
  NON_STRING_KEY: `a key is a list or a map; keys are plain words. A variable is written \${NAME}, not {{ NAME }}`,
  BAD_DQ_ESCAPE: `a \\ in double quotes begins an escape; write a path of Windows in single quotes: 'C:\\secrets\\acme'`,
};

/** Parses YAML 1.2. Syntax errors become problems, one per line; keys and values are not checked. */
export function parseYaml(source: string): YamlFile {
  const conflict = conflictProblem(source);
  if (conflict !== null) return { content: null, problems: [conflict] };
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const byLine = new Map<number, Problem>(oddSpaces(source).map((problem) => [problem.line, problem]));
  for (const error of [...document.errors, ...document.warnings]) {
    const line = lines.linePos(error.pos[0]).line;
    const message = messages[error.code] ?? `is not valid YAML; ${quotingAdvice}`;
    if (!byLine.has(line)) byLine.set(line, { path: '', line, message });
  }
  if (byLine.size > 0) return { content: null, problems: [...byLine.values()] };
  try {
    const tree: unknown = document.toJS();
    // Throws if an alias is inside its own anchor: later code would loop for ever.
    JSON.stringify(tree);
    const lineOf = (path: readonly PropertyKey[]) => lineOfPath(document.contents, path, lines);
    return { content: { tree, lineOf }, problems: [] };
  } catch {
    const message = `an alias (*name) has no anchor (&name) before it, is inside its own, or is used too often; ${quotingAdvice}`;
    return { content: null, problems: [{ path: '', line: null, message }] };
  }
}

/** The first line that Git writes where it could not merge. All other errors would follow from it. */
function conflictProblem(source: string): Problem | null {
  const index = source.split('\n').findIndex((text) => /^<{7} /.test(text));
  const message = 'a conflict of Git begins; keep one of the versions, and remove the lines of <, = and >';
  return index === -1 ? null : { path: '', line: index + 1, message };
}

/** A no-break space that stands where YAML needs an ordinary one: it becomes part of a key, or hides the end of one. */
const ODD_INDENT = /^[ \t]*(- *)?(\w+:)?[ \t]*[\u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]/u;

function oddSpaces(source: string): (Problem & { line: number })[] {
  const message =
    'a no-break or invisible space, as copied text often has, stands before a key or value; type the line again';
  return source
    .split('\n')
    .flatMap((text, index) => (ODD_INDENT.test(text) ? [{ path: '', line: index + 1, message }] : []));
}

/** The line of the key or item at a path, or of its nearest parent in the file. */
function lineOfPath(root: unknown, path: readonly PropertyKey[], lines: LineCounter): number | null {
  let node = root;
  let offset: number | undefined;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const place = pair?.key ?? item;
    if (!isNode(place)) break;
    offset = place.range?.[0];
    node = pair === undefined ? item : pair.value;
  }
  return offset === undefined ? null : lines.linePos(offset).line;
}
