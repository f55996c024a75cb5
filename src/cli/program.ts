import { Command, CommanderError } from 'commander';
import packageContent from '../../package.json' with { type: 'json' };
import { incompleteText } from '../model/installation.ts';
import { ClosedOutputError } from '../model/output-error.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { addHelp } from './commands/help.ts';
import { addCommands } from './commands.ts';
import { loadEnvFile } from './env-file.ts';
import { createStderrLog, type ProcessContext } from './process-context.ts';
import { styleOf } from './terminal/style.ts';
import { fitProse, fitProseList } from './terminal/wrap.ts';

const EXIT = { failed: 1, usage: 2 };

/** Runs the command that the arguments name. Errors are printed and set the exit code. */
export async function runProgram(surroundings: ProcessContext): Promise<void> {
  const context = withFittedErrors(surroundings);
  const program = new Command('cdd-sync')
    .description("Keeps a faithful, historic copy of Dintero's customer due diligence cases in Postgres.")
    .version(packageContent.version, '-V, --version', 'print the version')
    .exitOverride()
    // Otherwise options of a sub-command are taken for those of its parent: `show shape --json`.
    .enablePositionalOptions()
    // Its messages quote arguments, so they take the same way out as all others. Must come before the commands are added.
    .configureOutput({
      writeOut: (text) => context.print(text.replace(/\n$/, '')),
      writeErr: (text) => context.printError(text.replace(/\n$/, '')),
      getOutHelpWidth: () => styleOf(context).width,
      getErrHelpWidth: () => styleOf(context).width,
    })
    .showHelpAfterError('Add --help for arguments, options and examples.');
  addCommands(program, context);
  addHelp(program, {
    examples: [
      ['try it, with nothing to configure', 'demo'],
      ['write a configuration, and then read your accounts', 'init'],
      ['examples and exit codes of a verb', 'status --help'],
    ],
    exits: { 1: 'a run or a check failed', 3: 'all runs finished, some are partial' },
  });
  const problem = loadEnvFile(context.cwd, context.variables);
  if (problem !== null) context.printError(problem);
  try {
    await program.parseAsync(context.arguments, { from: 'user' });
  } catch (error) {
    context.setExitCode(await report(error, context));
  }
}

/** For a person, prose on stderr is broken between words; programs find a message in one line. */
function withFittedErrors(context: ProcessContext): ProcessContext {
  if (!context.isTerminal) return context;
  return { ...context, printError: (text) => context.printError(fitProse(text, styleOf(context).width)) };
}

/** Prints an error, without a stack where the message is enough, and gives the exit code. */
async function report(error: unknown, context: ProcessContext): Promise<number> {
  const incomplete = incompleteText(error);
  if (incomplete !== null) {
    context.printError(incomplete);
    return EXIT.usage;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const { ConfigError } = await import('../config/problems.ts');
  if (error instanceof ConfigError) {
    context.printError(context.isTerminal ? fitProseList(error.message, styleOf(context).width) : error.message);
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    context.printError(error.message);
    return EXIT.usage;
  }
  // `| head` has all the lines that it wanted.
  if (error instanceof ClosedOutputError) return 0;
  if (error instanceof SyncError) {
    context.printError(`${error.code}: ${error.message}`);
    return EXIT.failed;
  }
  (await createStderrLog('error', context)).fatal({ err: error }, 'unexpected error; please report it');
  return EXIT.failed;
}
