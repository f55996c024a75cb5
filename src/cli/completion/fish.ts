import type { CompletedOption, CompletedVerb, Values } from './model.ts';

/** A script that completes cdd-sync's command line in fish. */
export function fishScript(verbs: readonly CompletedVerb[]): string {
  return [
    '# Completes cdd-sync in fish. Write it to ~/.config/fish/completions/cdd-sync.fish',
    'complete -c cdd-sync -f',
    ...verbs.flatMap((verb) => [
      ...(verb.path.length === 0 ? [] : [verbLine(verb)]),
      ...verb.options.map((option) => optionLine(verb, option)),
      ...valueLines(verb),
    ]),
  ].join('\n');
}

function verbLine({ path, description }: CompletedVerb): string {
  const parent = path.slice(0, -1);
  return `complete -c cdd-sync -n ${condition(parent)} -a ${quoted(path.at(-1) ?? '')} -d ${quoted(description)}`;
}

function optionLine({ path }: CompletedVerb, { names, description, takesValue, values }: CompletedOption): string {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = takesValue
    ? values === 'files'
      ? ' -r -F'
      : ` -x${values === null ? '' : ` -a ${listOf(values)}`}`
    : '';
  return `complete -c cdd-sync -n ${condition(path)} ${named.join(' ')}${value} -d ${quoted(description)}`;
}

function valueLines({ path, values }: CompletedVerb): string[] {
  if (values === null || path.length === 0) return [];
  return [`complete -c cdd-sync -n ${condition(path)} -a ${listOf(values)}`];
}

function listOf(values: NonNullable<Values>): string {
  if (values === 'accounts') return quoted('(cdd-sync completion accounts 2>/dev/null)');
  return values === 'files' ? quoted('') : quoted(values.join(' '));
}

function condition(path: readonly string[]): string {
  if (path.length === 0) return '__fish_use_subcommand';
  return quoted(path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and '));
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
