import { Argument, type Command } from 'commander';
import { runCompletion, runCompletionAccounts, SHELLS } from '../completion.ts';
import type { ProcessContext } from '../process-context.ts';
import { addHelp } from './help.ts';

/** Adds the command that makes a shell complete the others. */
export function addCompletionCommand(program: Command, context: ProcessContext): void {
  const completion = program
    .command('completion')
    .description('a script with which your shell completes verbs, options, views and accounts')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => runCompletion(shell, program, context));
  completion
    .command('accounts', { hidden: true })
    .description('the configured accounts, for that script')
    .action(() => runCompletionAccounts(context));
  addHelp(completion, {
    examples: [
      ['bash: a line for ~/.bashrc', 'completion bash   # source <(cdd-sync completion bash)'],
      ['zsh: a line for ~/.zshrc, behind compinit', 'completion zsh    # source <(cdd-sync completion zsh)'],
      ['fish', 'completion fish > ~/.config/fish/completions/cdd-sync.fish'],
    ],
  });
}
