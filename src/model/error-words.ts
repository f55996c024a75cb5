import type { ErrorCode } from './sync-error.ts';

/** An error code of a run in a person's words. `cause` completes "late, because …" and `remedy` is a sentence. */
export type ErrorWords = { cause: string; remedy: string };

/** As the table "Error codes" of docs/operating.md, without details of a single run. */
const words: Record<ErrorCode, ErrorWords> = {
  AUTH: {
    cause: 'Dintero refuses the client id or secret',
    remedy: 'Correct them in the configuration, restart the worker, then run "cdd-sync check".',
  },
  FORBIDDEN: {
    cause: 'Dintero does not let the client read the account',
    remedy: 'Give the client the scope read:accounts or admin:accounts at Dintero, then run "cdd-sync check".',
  },
  NOT_FOUND: {
    cause: 'Dintero knows no such account',
    remedy: 'Compare the account id and api.baseUrl with those at Dintero, then run "cdd-sync check".',
  },
  RATE_LIMITED: {
    cause: 'Dintero asks for fewer requests',
    remedy: 'cdd-sync waits and tries again by itself. If it stays like this, read less often.',
  },
  HTTP: {
    cause: 'Dintero answered with an error',
    remedy: 'cdd-sync tries again by itself. If it stays like this, check api.baseUrl, then ask Dintero.',
  },
  NETWORK: {
    cause: 'Dintero cannot be reached',
    remedy: 'Check the network, DNS and the proxy of the worker: run "cdd-sync check".',
  },
  TIMEOUT: {
    cause: 'Dintero answers too slowly',
    remedy: 'cdd-sync tries again by itself. If a list is slow to begin, raise api.timeoutSeconds.',
  },
  TRUNCATED: {
    cause: "Dintero's answer ended early",
    remedy: 'The list is read again by itself. If it stays like this, ask Dintero.',
  },
  NOT_JSON: {
    cause: "Dintero's answer is no list of cases",
    remedy: 'Look for a proxy that answers instead of Dintero, and check api.baseUrl; else ask Dintero.',
  },
  DATABASE: {
    cause: 'the database refused or could not be reached',
    remedy: 'cdd-sync tries again by itself. If it stays like this, run "cdd-sync check".',
  },
  MASS_DISAPPEARANCE: {
    cause: 'too many cases left the list at once, so none was marked missing',
    remedy:
      'Look at the account at Dintero. If the cases are really gone, run "cdd-sync sync --account ID --accept-missing".',
  },
  UNREADABLE_ITEM: {
    cause: 'the list has an item without a readable id, so no case was marked missing',
    remedy: 'Run "cdd-sync rejected" to see the item, and ask Dintero to correct it.',
  },
  ABANDONED: {
    cause: 'the worker died or lost the database during the run',
    remedy: 'The next run completes it. If it happens again, check the memory of the worker.',
  },
  CANCELLED: { cause: 'the worker was stopped during the run', remedy: 'Nothing: the next run completes it.' },
};

/** The meaning of a run's error code; a code of a newer version is named as it is. */
export function errorWords(code: string): ErrorWords {
  const known = Object.entries(words).find(([name]) => name === code)?.[1];
  return known ?? { cause: `of the error ${code}`, remedy: 'The log of cdd-sync has more about it.' };
}
