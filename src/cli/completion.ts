import type { Command } from 'commander';
import { configuredNames } from '../config/account-names.ts';
import { configPath } from '../config/config-path.ts';
import { visibleLine } from '../model/visible-text.ts';
import { publishedNames } from '../store/published/names.ts';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import { completedVerbs } from './completion/model.ts';
import type { Shell } from './completion/shells.ts';
import { zshScript } from './completion/zsh.ts';
import type { ProcessContext } from './process-context.ts';

const SCRIPTS: Record<Shell, typeof bashScript> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Prints a script that completes verbs, options, views and accounts in a shell. */
export async function runCompletion(
  shell: Shell,
  program: Command,
  { print }: Pick<ProcessContext, 'print'>,
): Promise<void> {
  await print(SCRIPTS[shell](completedVerbs(program, await publishedNames())));
}

/** Prints `id<tab>label` of each configured account, for those scripts; nothing if none can be read. */
export async function runCompletionAccounts({ print, variables, cwd }: ProcessContext): Promise<void> {
  for (const { id, label } of await configuredNames(configPath({ env: variables, cwd }), variables)) {
    await print(label === null ? id : `${id}\t${visibleLine(label)}`);
  }
}
