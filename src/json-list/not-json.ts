import { SyncError } from '../model/sync-error.ts';

/** An answer that is no list. The message is a clause; the caller, which knows the request, completes it. */
export function notJsonError(what: string): SyncError {
  return new SyncError('NOT_JSON', `is not one JSON array: it ${what}`);
}

/** The clause for an answer that does not begin with a bracket, by its first byte. */
export function describeStart(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '<') return "begins with '<', which looks like HTML";
  if (character === '{') return "begins with '{', which looks like a single object";
  if (character === '"') return "begins with '\"', which looks like a single string";
  if (/[!-~]/.test(character)) return `begins with '${character}'`;
  return 'begins with a byte that is no text';
}
