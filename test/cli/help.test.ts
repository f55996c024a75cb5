import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addCommands } from '../../src/cli/commands.ts';
import type { ProcessContext } from '../../src/cli/process-context.ts';
import { neverAborted } from '../support/list-server.ts';

const context: ProcessContext = {
  arguments: [],
  variables: {},
  cwd: '/nowhere',
  signal: neverAborted,
  isTerminal: false,
  terminal: null,
  writeOutput: async () => {},
  print: () => {},
  printError: () => {},
  setExitCode: () => {},
};

function newProgram(write: (text: string) => void = () => {}): Command {
  const output = { writeOut: write, writeErr: write, getOutHelpWidth: () => 80 };
  const program = new Command('cdd-sync').exitOverride().configureOutput(output);
  addCommands(program, context);
  return program;
}

const nameOf = (command: Command): string =>
  command.parent === null ? '' : `${nameOf(command.parent)} ${command.name()}`.trim();

/** The verbs that do something: without sub-commands, or with arguments of their own. */
function verbsOf(command: Command): Command[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
    .flatMap(verbsOf);
  return below.length === 0 || command.registeredArguments.length > 0 ? [command, ...below] : below;
}

function helpOf(verb: Command): string {
  let help = '';
  verb.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => 80,
  });
  verb.outputHelp();
  return help;
}

/** An example as arguments, without what a shell does with it. */
function argumentsOf(example: string): string[] {
  const [command = ''] = example.split(/ +(?:2?>>?|\||#) /);
  const parts = command.match(/'[^']*'|"[^"]*"|[^ ]+/g) ?? [];
  return parts.slice(1).map((part) => part.replace(/^(['"])(.*)\1$/, '$2'));
}

const verbs = verbsOf(newProgram());

describe.each(verbs.map((verb) => [nameOf(verb), helpOf(verb)]))('the help of %s', (name, help) => {
  const examples = help.match(/^ {2}(?:[A-Z_]+=\S+ )*cdd-sync .*$/gm) ?? [];

  test('fits 80 columns, and has examples and exit codes', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(examples.length).toBeGreaterThan(0);
    expect(help).toMatch(/^Exit codes:\n {2}0 {2}\S.*\n(?: {2}1 {2}\S.*\n)?(?: {2}2 {2}\S.*\n)/m);
  });

  test.each(examples.map((line) => [line.trim()]))('%s is accepted, and runs this verb', async (example) => {
    const ran: string[] = [];
    const program = newProgram();
    for (const verb of verbsOf(program)) verb.action(() => void ran.push(nameOf(verb)));
    const words = example.replace(/^(?:[A-Z_]+=\S+ )+/, '');
    await program.parseAsync(argumentsOf(words), { from: 'user' });
    expect(ran).toEqual([name]);
  });
});
