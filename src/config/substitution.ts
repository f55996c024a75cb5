import type { Finding } from './problems.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Puts variables where values say `${NAME}`, and nothing where a key has no value (`accounts:` whose lines are all
 * commented out is as good as absent). What a variable holds is taken as it is: a `${` in it means nothing.
 */
export function substitute(tree: unknown, env: Variables): { tree: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const walk = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (value === null) return undefined;
    if (Array.isArray(value)) return value.map((item: unknown, index) => walk(item, [...path, index]));
    if (typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
    }
    if (typeof value !== 'string') return value;
    return fill(value, env, (message) => findings.push({ path, message }));
  };
  return { tree: walk(tree, []), findings };
}

function fill(value: string, env: Variables, report: (message: string) => void): string {
  // The second form is what other programs understand (${NAME:-default}) or a slip; left alone, it would be sent as is.
  return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g, (match: string, name: string | undefined) => {
    if (name === undefined) {
      report(
        `has a \${ that is no \${NAME}; there are no defaults or other forms. If it belongs to a secret, use a variable`,
      );
      return match;
    }
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (found) return found;
    report(`needs the variable ${name}, which is ${found === undefined ? 'not set' : 'empty'}; set it`);
    return match;
  });
}
