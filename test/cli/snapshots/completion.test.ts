import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { bashScript } from '../../../src/cli/completion/bash.ts';
import { fishScript } from '../../../src/cli/completion/fish.ts';
import { completedVerbs } from '../../../src/cli/completion/model.ts';
import { zshScript } from '../../../src/cli/completion/zsh.ts';

/** One of each kind of verb, option and value: the program's own change too often to be compared whole. */
function smallProgram(): Command {
  const program = new Command('cdd-sync').version('1.0.0');
  program.command('start').description("migrate, then sync: it's the worker");
  const show = program.command('show').description('rows of a view').addArgument(new Argument('[view]'));
  show.option('--account <id>', 'only this account').option('--all', 'every row');
  show.addOption(new Option('--format <format>', 'of the rows').choices(['csv', 'json']));
  show.command('shape').description('paths and types').option('-o, --output <path>', 'the file');
  show.command('secret', { hidden: true });
  program.command('pause').description("stop an account's runs").addArgument(new Argument('<account>'));
  return program;
}

test.each([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
] as const)('the script for %s is the stored one', async (shell, script) => {
  const text = script(completedVerbs(smallProgram(), ['cases', 'decisions']));
  expect(text).not.toContain('secret');
  await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, `files/completion.${shell}.txt`));
});
