import process from 'node:process';
import { type CaseKey, caseName } from '../../model/case-key.ts';
import { UsageError } from '../../model/usage-error.ts';
import { Dialogue } from '../init/dialogue.ts';
import { movableTerminal, type ProcessContext } from '../process-context.ts';

/**
 * Asks a person to type the id of the case, or ACCOUNT/ID, as the lines above the question have it.
 * @throws UsageError where there is nobody to ask.
 */
export async function confirmErasure(key: CaseKey, context: ProcessContext): Promise<void> {
  requirePerson(context);
  const question = `It cannot be undone. The whole id of the case, to erase it:`;
  const names = [key.caseId, caseName(key)].map((name) => name.toLowerCase());
  const check = (answer: string) =>
    names.includes(answer.trim().toLowerCase()) ? null : 'That is another id. Ctrl-C leaves everything as it is.';
  await new Dialogue(context.signal).ask({ message: question, check });
}

/** @throws UsageError where stdin or stdout is no terminal. */
export function requirePerson(context: ProcessContext): void {
  if (movableTerminal(context) !== null && process.stdin.isTTY) return;
  throw new UsageError(
    'erase cannot be undone; without a terminal it needs --yes. --dry-run says what would be removed.',
  );
}
