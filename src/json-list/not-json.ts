import { SyncError } from '../model/sync-error.ts';

/** The error of an answer that is no list: a clause about the answer, for the caller that knows the request to complete. */
export function notJsonError(what: string): SyncError {
  return new SyncError('NOT_JSON', `is not one JSON array: it ${what}`);
}

/** A clause about the first byte of an answer that does not begin with a bracket. */
export function describeStart(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '<') return "begins with '<', which looks like HTML";
  if (character === '{') return "begins with '{', which looks like a single object";
  if (character === '"') return "begins with '\"', which looks like a single string";
  if (/[!-~]/.test(character)) return `begins with '${character}'`;
  return 'begins with a byte that is no text';
}
