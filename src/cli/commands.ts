import type { Command } from 'commander';
import { addCompletionCommand } from './commands/completion.ts';
import { addDataCommands } from './commands/data.ts';
import { addDatabaseCommands } from './commands/database.ts';
import { addDutyCommands } from './commands/duty.ts';
import { addInitCommand } from './commands/init.ts';
import { addLookCommands } from './commands/look.ts';
import { addNotifyCommands } from './commands/notify.ts';
import { refuseRepeatedOptions } from './commands/options.ts';
import { addPauseCommands } from './commands/pause.ts';
import { addSandboxCommands } from './commands/sandbox.ts';
import { addWorkCommands } from './commands/work.ts';
import type { ProcessContext } from './process-context.ts';

/** Adds every command, in the order of the help. Each group of verbs is a file in `commands/`. */
export function addCommands(program: Command, context: ProcessContext): void {
  addInitCommand(program, context);
  addWorkCommands(program, context);
  addPauseCommands(program, context);
  addLookCommands(program, context);
  addDataCommands(program, context);
  addDutyCommands(program, context);
  addNotifyCommands(program, context);
  addDatabaseCommands(program, context);
  addSandboxCommands(program, context);
  addCompletionCommand(program, context);
  refuseRepeatedOptions(program);
}
