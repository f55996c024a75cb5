import type { Scope } from '../overview/scope.ts';

/** A month and the local days around it, as Postgres writes them. */
export type Month = { first: string; last: string; next: string };

/** The accounts and the month that are asked for. */
export type Asked = { scope: Scope; month: Month };

/** Counts of a month, by their names in flow_daily and funnel_monthly; `backlog` = open at its end. */
export type Counts = Record<(typeof COUNT_NAMES)[number], number>;

/** The columns of funnel_monthly. */
export const FUNNEL = [
  'opened',
  'reached_declaration',
  'reached_signature',
  'reached_review',
  'decided',
  'approved',
  'declined',
  'still_open',
] as const;

/** The names of the counts. */
export const COUNT_NAMES = [
  ...(['opened', 'decided', 'approved', 'declined', 'reopened', 'backlog'] as const),
  ...FUNNEL.map((name) => `funnel_${name}` as const),
];

/** The counts of an account without cases. */
export const NO_COUNTS = Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as Counts;

/** Hours from opening to the first decision. */
export type Times = { decided: number; p50: number | null; p90: number | null };

/** The figures of a month by one knowledge. */
export type Figures = {
  /** By account. */
  counts: ReadonlyMap<string, Counts>;
  /** By account, and of all together under `all`: percentiles cannot be added. */
  times: ReadonlyMap<string, Times>;
};

/** The key of the times of all accounts together. */
export const ALL = 'all';
