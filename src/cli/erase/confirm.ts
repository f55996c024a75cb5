import process from 'node:process';
import { UsageError } from '../../model/usage-error.ts';
import { Dialogue } from '../init/dialogue.ts';
import { movableTerminal, type ProcessContext } from '../process-context.ts';

/**
 * Asks a person to type the id of the case.
 * @throws UsageError where there is nobody to ask.
 */
export async function confirmErasure(caseId: string, context: ProcessContext): Promise<void> {
  requirePerson(context);
  const question = `It cannot be undone. The whole id of the case, to erase it:`;
  const check = (answer: string) =>
    answer.trim().toLowerCase() === caseId ? null : 'That is another id. Ctrl-C leaves everything as it is.';
  await new Dialogue(context.signal).ask({ message: question, check });
}

export function requirePerson(context: ProcessContext): void {
  if (movableTerminal(context) !== null && process.stdin.isTTY) return;
  throw new UsageError(
    'erase cannot be undone; without a terminal it needs --yes. --dry-run says what would be removed.',
  );
}
