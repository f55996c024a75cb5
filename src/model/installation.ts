import { systemErrorCode } from './system-error.ts';

/** What to do if a file of the program or a package is missing; null for any other error. */
export function incompleteText(error: unknown): string | null {
  if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND') return null;
  return `cdd-sync is not installed completely: install it again; in a clone, run npm ci without --ignore-scripts. (${error})`;
}
