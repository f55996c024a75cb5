import type { Bounds, Limit } from '../row.ts';

const MEGABYTE = 1024 * 1024;

const ratio = (atMost: number): Limit => ({ of: 'ratio', atMost });
const measured = (atMost: number): Limit => ({ of: 'measured', atMost });
const faster = (atLeast: number): Limit => ({ of: 'faster', atLeast });

/** Bounds of the worker. */
export const bounds = {
  firstLoad: { must: [ratio(2.2)], aim: [ratio(1.2)] },
  againstUpserts: { must: [faster(25)], aim: [faster(60)] },
  unchanged: { must: [ratio(0.5)], aim: [ratio(0.25)] },
  etag: { must: [measured(50)], aim: [measured(10)] },
  changed: { must: [ratio(1.3)], aim: [ratio(1.1)] },
  // The first list with reordered keys is parsed, and saved in order to compare; later ones are only hashed.
  reorderedFirst: { must: [ratio(4)], aim: [ratio(2)] },
  reordered: { must: [ratio(1.2)], aim: [ratio(1)] },
  memory: { must: [ratio(1.2), measured(256 * MEGABYTE)], aim: [ratio(1.05), measured(160 * MEGABYTE)] },
  growth: { must: [ratio(1.2)], aim: [ratio(1)] },
  // Every first run waits for a token and then for a list, one after the other.
  accountsFirstLoad: { must: [ratio(1.6)], aim: [ratio(1.05)] },
  accountsUnchanged: { must: [ratio(1.3)], aim: [ratio(1.05)] },
  ledgerFirstLoad: { must: [ratio(1.08)], aim: [ratio(1.05)] },
  ledgerChanged: { must: [ratio(1.05)], aim: [ratio(1.03)] },
  disk: { must: [ratio(2)], aim: [ratio(1)] },
} as const satisfies Record<string, Bounds>;
