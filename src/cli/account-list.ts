import { count } from '../model/number-text.ts';
import { visibleLine } from '../model/visible-text.ts';

/** Accounts in a message: of a thousand, the rest would hide the message. */
const MOST_NAMED = 10;

/** `P12345678, P87654321`; of more than ten, the first ten and the number of the others. */
export function accountList(ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).map(visibleLine).join(', ');
  return ids.length <= MOST_NAMED ? named : `${named} and ${count(ids.length - MOST_NAMED)} more`;
}
