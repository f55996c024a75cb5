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

/**
 * A variable as shells, Windows, PowerShell and Kubernetes write it. Lower case stays text, because a secret may begin
 * with a dollar sign.
 */
const OTHER_FORMS = /^(\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%|\$env:\w+|\$\([A-Z_][A-Z0-9_]*\)|\{\{.*\}\})$/;
/** In an address and a path, also in the middle. */
const IN_THE_MIDDLE = /(\/|^)\$[A-Z_][A-Z0-9_]*(\/|$)/;

function substituteText(value: string, env: Variables, report: (message: string) => void): string {
  if (OTHER_FORMS.test(value) || IN_THE_MIDDLE.test(value)) {
    report(
      `looks like a variable; write \${NAME}, with braces. If it is part of a secret, put the secret in a variable`,
    );
    return value;
  }
  // The second alternative catches typing errors and other programs' forms (${NAME:-default}), which are not supported.
  return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g, (match: string, name: string | undefined) => {
    if (name === undefined) {
      report(
        `contains \${ in another form than \${NAME}, which is not supported; there are no defaults. If it is part of a secret, put the secret in a variable`,
      );
      return match;
    }
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (found) return found;
    report(`needs the environment variable ${name}, which is ${found === undefined ? 'not set' : 'empty'}; set it`);
    return match;
  });
}
