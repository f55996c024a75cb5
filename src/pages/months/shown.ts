import type { KnownAt } from '../known-at.ts';
import type { Scope } from '../overview/scope.ts';
import type { PageRequest } from '../page.ts';
import type { Month } from './figures.ts';

/** The input of every block of a month's page. */
export type ShownMonth = PageRequest & {
  month: Month;
  scope: Scope;
  /** The knowledge that was reported; null while the month is not over and no other time is chosen. */
  reported: (KnownAt & { instant: string }) | null;
  isOver: boolean;
};
