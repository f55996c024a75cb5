import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../completion/shells.ts';
import type { ProcessContext } from '../process-context.ts';
import { addHelp } from './help.ts';

/** Adds the command that makes a shell complete the others. */
export function addCompletionCommand(program: Command, context: ProcessContext): void {
  const completion = program
    .command('completion')
    .description('a script with which your shell completes verbs, options, views and accounts')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { runCompletion } = await import('../completion.ts');
      await runCompletion(shell, program, context);
    });
  completion
    .command('accounts', { hidden: true })
    .description('the configured accounts, for that script')
    .action(async () => {
      const { runCompletionAccounts } = await import('../completion.ts');
      await runCompletionAccounts(context);
    });
  addHelp(completion, {
    examples: [
      ['bash: a line for ~/.bashrc', 'completion bash   # source <(cdd-sync completion bash)'],
      ['zsh: a line for ~/.zshrc, behind compinit', 'completion zsh    # source <(cdd-sync completion zsh)'],
      ['fish', 'completion fish > ~/.config/fish/completions/cdd-sync.fish'],
    ],
  });
}
