import type { RunResult } from '../../src/model/run.ts';

/** The result of a list that was read completely, without rejected items, with an etag. */
export const wholeList: RunResult = {
  itemsRejected: 0,
  notModified: false,
  missing: [],
  missingHeldBack: 0,
  unfiltered: true,
  rejected: [],
  etag: { value: 'new', request: 'this one' },
  error: null,
};
