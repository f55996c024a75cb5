import type { Issue } from './problems.ts';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in values by variables, once: `${` in a variable's own value stays. A null value becomes
 * undefined, so that a key counts as absent if all lines below it are commented out.
 */
export function substitute(tree: unknown, env: Variables): { tree: unknown; issues: Issue[] } {
  const issues: Issue[] = [];
  const walk = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (value === null) return undefined;
    if (Array.isArray(value)) return value.map((item: unknown, index) => walk(item, [...path, index]));
    if (typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
    }
    if (typeof value !== 'string') return value;
    return substituteText(value, env, (message) => issues.push({ path, message }));
  };
  return { tree: walk(tree, []), issues };
}

function substituteText(value: string, env: Variables, report: (message: string) => void): string {
  // The second alternative catches typing errors and other programs' forms (${NAME:-default}), which are not supported.
  return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g, (match: string, name: string | undefined) => {
    if (name === undefined) {
      report(
        `contains \${ in another form than \${NAME}, which is not supported. If it is part of a secret, put the secret in a variable`,
      );
      return match;
    }
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (found) return found;
    report(`needs the environment variable ${name}, which is ${found === undefined ? 'not set' : 'empty'}; set it`);
    return match;
  });
}
