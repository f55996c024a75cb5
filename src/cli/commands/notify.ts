import type { Command } from 'commander';
import { type ProcessContext, readConfigAndLog } from '../process-context.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';

/** Adds the command about messages to people; each thing to do is a sub-command. */
export function addNotifyCommands(program: Command, context: ProcessContext): void {
  const { print, setExitCode } = context;
  const notify = program.command('notify').description('messages to people: notify in the configuration');
  addHelp(notify, {
    examples: [['whether each channel takes messages', 'notify test']],
    exits: { 1: 'a channel did not take its message' },
  });
  const test = notify
    .command('test')
    .argument('[channel]', 'id of a channel; without one, all of them')
    .description('send a test message, and say what became of it')
    .action(async (channel: string | undefined, options: JsonOptions) => {
      const { config } = await readConfigAndLog(context);
      const output = { print, style: styleOf(context), form: jsonForm(options) };
      const { runNotifyTest } = await import('../notify.ts');
      setExitCode(await runNotifyTest(config, { channel: channel ?? null, ...output }));
    });
  addHelp(addJsonOptions(test), {
    examples: [
      ['every channel', 'notify test'],
      ['one of them', 'notify test ops'],
    ],
    done: 'every channel took its message',
    exits: { 1: 'a channel did not take it' },
  });
}
