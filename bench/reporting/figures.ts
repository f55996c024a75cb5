import type { Bounds } from '../row.ts';

/** Bounds of the reports. */
export const bounds = {
  answer: { must: [{ of: 'measured', atMost: 1000 }], aim: [{ of: 'ratio', atMost: 1 }] },
  cost: { must: [{ of: 'ratio', atMost: 1.1 }], aim: [{ of: 'ratio', atMost: 1.05 }] },
} as const satisfies Record<string, { must: Bounds['must']; aim: Bounds['aim'] }>;

/** Bounds of an answer with a bound of its own, in milliseconds. */
export function boundsOf(atMost: number): Bounds {
  return { must: [{ of: 'measured', atMost }], aim: [{ of: 'measured', atMost: atMost / 2 }] };
}
