import type { Command } from 'commander';
import { createStderrLog, movableTerminal, type ProcessContext, readSettingsAndLog } from '../process-context.ts';
import { addHelp } from './help.ts';
import { number, wholeNumber } from './options.ts';

/** The sandbox keeps all cases in memory. */
const MAX_CASES = 1_000_000;

/** Adds the commands that need neither an account nor a database. */
export function addSandboxCommands(program: Command, context: ProcessContext): void {
  addSandbox(program, context);
  addDemo(program, context);
}

function addSandbox(program: Command, context: ProcessContext): void {
  const { signal, print } = context;
  const sandbox = program
    .command('sandbox')
    .description('a Dintero to play with, on this machine')
    .option('--port <number>', 'port to listen on', wholeNumber(65_535), 8181)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <number>', 'the same seed gives the same cases', wholeNumber(Number.MAX_SAFE_INTEGER), 1)
    .option('--cases <number>', 'cases per account at the beginning', wholeNumber(MAX_CASES), 40)
    .option('--hours-per-second <number>', 'how fast its clock runs; 0 = it stands still', number, 1)
    .action(async (options: { port: number; host: string; seed: number; cases: number; hoursPerSecond: number }) => {
      const { runSandbox } = await import('../sandbox.ts');
      await runSandbox({ ...options, signal, print });
    });
  addHelp(sandbox, {
    examples: [
      ['it prints a configuration that reads it; Ctrl-C stops it', 'sandbox'],
      ['many cases, and a clock that stands still', 'sandbox --cases 50000 --hours-per-second 0'],
    ],
    done: 'stopped by Ctrl-C or SIGTERM',
  });
}

function addDemo(program: Command, context: ProcessContext): void {
  const { signal, print, variables } = context;
  const terminal = movableTerminal(context);
  const demo = program
    .command('demo')
    .description('sandbox, embedded Postgres and worker, with nothing to configure')
    .action(async () => {
      const { settings } = await readSettingsAndLog(context);
      const { BlockView } = await import('../demo/block-view.ts');
      const { plainView } = await import('../demo/plain-view.ts');
      const { runDemo } = await import('../demo.ts');
      using view = terminal === null ? plainView(print) : new BlockView(terminal);
      // The demo shows its runs itself, so its log has warnings only.
      const level = variables.LOG_LEVEL ? settings.logLevel : 'warn';
      const log = await createStderrLog(level, context, (write) => view.above(write));
      await runDemo(settings, { log, signal, view });
    });
  addHelp(demo, {
    examples: [['then open the address that it prints; Ctrl-C stops it', 'demo']],
    done: 'stopped by Ctrl-C or SIGTERM',
    exits: { 1: 'it cannot run: the last line says why' },
  });
}
