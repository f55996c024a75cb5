import { SyncError } from '../../model/sync-error.ts';

/** One line of `cdd-sync check`. */
export type Finding = {
  /** Its subject, for example `encoding`. */
  check: string;
  /** A problem keeps a command from working. A warning tells of a risk, or of a command that not everybody needs. */
  state: 'ok' | 'warning' | 'problem';
  message: string;
  /** Statements that an administrator of the database must run, in this order. */
  sql: readonly string[];
};

/** Makes a finding. `sql` needs an administrator of the database. */
export function finding(check: string, state: Finding['state'], message: string, sql: readonly string[] = []): Finding {
  return { check, state, message, sql };
}

/** A SyncError as a problem. Other errors are thrown. */
export function errorFinding(check: string, error: unknown): Finding {
  if (!(error instanceof SyncError)) throw error;
  return finding(check, 'problem', `${error.code}: ${error.message}`);
}
