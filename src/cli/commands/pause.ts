import type { Command } from 'commander';
import type { ProcessContext } from '../process-context.ts';
import { addHelp } from './help.ts';

/** Adds the commands that stop and continue an account's runs. */
export function addPauseCommands(program: Command, context: ProcessContext): void {
  const pause = program
    .command('pause <account>')
    .description("stop an account's runs, of all workers, until it is resumed")
    .requiredOption('--reason <text>', 'shown wherever the account is shown; no personal data')
    .action(async (id: string, options: { reason: string }) => {
      const { runPause } = await import('../pause.ts');
      await runPause(id, options, context);
    });
  addHelp(pause, {
    examples: [
      ['its system moves; nothing is read and nobody is alerted', 'pause P12345678 --reason "moves to a new system"'],
    ],
    done: 'it is paused; a run that is under way goes on to its end',
    exits: { 1: 'the database cannot be reached, or refused it' },
  });
  const resume = program
    .command('resume <account>')
    .description("continue a paused account's runs")
    .action(async (id: string) => {
      const { runResume } = await import('../resume.ts');
      await runResume(id, context);
    });
  addHelp(resume, {
    examples: [['a worker reads it within a minute', 'resume P12345678']],
    done: 'it is not paused',
    exits: { 1: 'the database cannot be reached, or refused it' },
  });
}
