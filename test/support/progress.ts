import type { Progress } from '../../src/model/run.ts';

export const noProgress: Progress = {
  casesCreated: 0,
  casesUpdated: 0,
  casesUnchanged: 0,
  casesReturned: 0,
  eventsRecorded: 0,
  transitionsRecorded: 0,
  itemsRejected: 0,
  bytesRead: 0,
  requests: 0,
  retries: 0,
};
