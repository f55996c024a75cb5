// Mistakes that are put in on purpose. The matrix must find each.
import { SyncError } from '../../../src/model/sync-error.ts';
import type { SyncParts } from '../../../src/sync/run.ts';
import { type Mistake, OTHER_MERCHANT, SUBJECT } from './service.ts';

type Planted = Mistake & { cell: string; finds: RegExp };

/** Changes the errors of lists. */
function withErrors(change: (error: SyncError) => SyncError): Mistake['parts'] {
  return (parts) => ({
    ...parts,
    source: {
      ...parts.source,
      readList: (account, options) =>
        parts.source.readList(account, options).catch((error: unknown) => {
          throw error instanceof SyncError ? change(error) : error;
        }),
    },
  });
}

/** Reads a list once more after a failure with this code. */
function readTwice(code: string): Mistake['parts'] {
  return (parts: SyncParts) => ({
    ...parts,
    source: {
      ...parts.source,
      readList: (account, options) =>
        parts.source.readList(account, options).catch((error: unknown) => {
          if (!(error instanceof SyncError && error.code === code)) throw error;
          return parts.source.readList(account, options);
        }),
    },
  });
}

export const MISTAKES: Record<string, Planted> = {
  'a 403 that is tried again': {
    cell: 'cases: 403, always',
    parts: readTwice('FORBIDDEN'),
    finds: /tries is .*"cases":2/,
  },
  'a sixth try': { cell: 'exchange: 503, always', parts: readTwice('HTTP'), finds: /tries is .*"exchange":10/ },
  'a code that is another': {
    cell: 'cases: half a body, always',
    parts: withErrors((error) => new SyncError('NOT_JSON', error.message)),
    finds: /code is "NOT_JSON", and should be "TRUNCATED"/,
  },
  'a token in a message': {
    cell: 'token: 500, always',
    parts: withErrors((error) => new SyncError(error.code, `${error.message} sbx_0123`)),
    finds: /a secret was told: sbx_/,
  },
  'an error that does not say why': {
    cell: 'cases: closed in the body, always',
    parts: withErrors((error) => new SyncError(error.code, `${SUBJECT}: it failed`, { retryable: true })),
    finds: /does not say/,
  },
  'a line that is logged twice': {
    cell: 'merchants: 404, always',
    line: (line) => (line.level >= 50 ? [line, line] : [line]),
    finds: /warnings and errors is/,
  },
  'a change that is lost': {
    cell: 'cases: 503, once',
    parts: (parts) => ({
      ...parts,
      destination: {
        ...parts.destination,
        saveBatch: (run, batch) => parts.destination.saveBatch(run, { ...batch, read: [] }),
      },
    }),
    finds: /P11200001: wrong data/,
  },
  'a fault that harms another partner': {
    cell: 'cases: 500, always',
    parts: (parts) => ({
      ...parts,
      source: {
        ...parts.source,
        readList: async (account, options) => {
          if (account.id === OTHER_MERCHANT) throw new SyncError('HTTP', `${account.id}: failed with the other one`);
          return parts.source.readList(account, options);
        },
      },
    }),
    finds: /P11300001: state is "failed"/,
  },
};
