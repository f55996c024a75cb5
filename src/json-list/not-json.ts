import { SyncError } from '../model/sync-error.ts';

/** The error of an answer that is no list; completed by whoever knows what was asked. */
export function notJson(what: string): SyncError {
  return new SyncError('NOT_JSON', `is not one JSON array: it ${what}`);
}

/** What the answer begins with instead of a bracket. */
export function describeStart(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '<') return "begins with '<', which looks like HTML";
  if (character === '{') return "begins with '{', which looks like a single object";
  if (character === '"') return "begins with '\"', which looks like a single string";
  if (/[!-~]/.test(character)) return `begins with '${character}'`;
  return 'begins with a byte that is no text';
}
