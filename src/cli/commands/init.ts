import type { Command } from 'commander';
import type { InitOptions } from '../init.ts';
import type { ProcessContext } from '../process-context.ts';
import { addHelp } from './help.ts';

/** Adds the command that writes a first configuration. */
export function addInitCommand(program: Command, context: ProcessContext): void {
  const init = program
    .command('init')
    .description('ask for account, credentials and database, try them, write cdd-sync.yaml and .env')
    .option('--print', 'ask nothing: print a configuration file to fill in')
    .option('--api-url <url>', 'another address of the API than https://api.dintero.com/v1, such as the sandbox')
    .action(async (options: InitOptions) => {
      const { runInit } = await import('../init.ts');
      context.setExitCode(await runInit(options, context));
    });
  addHelp(init, {
    examples: [
      ['in the folder where cdd-sync is to run', 'init'],
      ['without a terminal; then fill in the two places in it', 'init --print > cdd-sync.yaml'],
    ],
    done: 'both files are written',
    exits: { 1: 'stopped with Ctrl-C; nothing was written' },
  });
}
