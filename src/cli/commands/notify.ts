import type { Command } from 'commander';
import { runNotifyTest } from '../notify.ts';
import { type ProcessContext, readConfigAndLog } from '../process-context.ts';
import { addHelp } from './help.ts';

/** Adds the command about messages to people; each thing to do is a sub-command. */
export function addNotifyCommands(program: Command, context: ProcessContext): void {
  const { print, setExitCode } = context;
  const notify = program.command('notify').description('messages to people: notify in the configuration');
  const test = notify
    .command('test')
    .argument('[channel]', 'id of a channel; without one, all of them')
    .description('send a test message, and say what became of it')
    .option('--json', 'as JSON')
    .action(async (channel: string | undefined, { json = false }: { json?: boolean }) => {
      const { config } = await readConfigAndLog(context);
      setExitCode(await runNotifyTest(config, { channel: channel ?? null, json, print }));
    });
  addHelp(test, {
    examples: [
      ['every channel', 'notify test'],
      ['one of them', 'notify test ops'],
    ],
    done: 'every channel took its message',
    exits: { 1: 'a channel did not take it' },
  });
}
