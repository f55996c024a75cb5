import type { Argument, Command, Option } from 'commander';

/** The words that fit a place of a command line. */
export type Values = readonly string[] | 'accounts' | 'files' | null;

export type CompletedOption = { names: readonly string[]; description: string; takesValue: boolean; values: Values };

/** A verb, or a sub-command of one. */
export type CompletedVerb = {
  /** `['show', 'shape']`; empty for the program itself. */
  path: readonly string[];
  description: string;
  options: readonly CompletedOption[];
  values: Values;
};

/** The program and all verbs below it, read from the program itself: a new option needs nothing here. */
export function completedVerbs(program: Command, views: readonly string[]): CompletedVerb[] {
  return verbsOf(program, [], views);
}

/** The sub-commands right below a verb; of the program itself, the verbs. */
export function childrenOf({ path }: CompletedVerb, verbs: readonly CompletedVerb[]): CompletedVerb[] {
  return verbs.filter(
    (child) => child.path.length === path.length + 1 && path.every((word, index) => child.path[index] === word),
  );
}

function verbsOf(command: Command, path: readonly string[], views: readonly string[]): CompletedVerb[] {
  const [argument] = command.registeredArguments;
  const values = argument === undefined ? null : argumentValues(argument, views);
  const verb = {
    path,
    description: command.description(),
    options: command.options.filter(({ hidden }) => !hidden).map(optionOf),
    values,
  };
  // Without hidden ones, and without the `help` that commander adds: --help does the same.
  const visible = command.createHelp().visibleCommands(command);
  const children = visible.filter((child) => child.name() !== 'help');
  return [verb, ...children.flatMap((child) => verbsOf(child, [...path, child.name()], views))];
}

function optionOf({ short, long, description, required, optional, argChoices }: Option): CompletedOption {
  const names = [short, long].flatMap((name) => name ?? []);
  return { names, description, takesValue: required || optional, values: optionValues(long ?? '', argChoices) };
}

function optionValues(name: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return choices;
  if (name === '--account') return 'accounts';
  return name === '--output' ? 'files' : null;
}

function argumentValues(argument: Argument, views: readonly string[]): Values {
  if (argument.argChoices !== undefined) return argument.argChoices;
  if (argument.name() === 'view') return views;
  return argument.name() === 'account' ? 'accounts' : null;
}
