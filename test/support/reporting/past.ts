import type { Rig } from '../rig.ts';
import type { Instant } from './reference/instant.ts';
import type { ToldCase } from './reference/told.ts';

export type ReportedAccount = {
  id: string;
  label: string | null;
  /** Between two ticks of its schedule. */
  intervalSeconds: number;
};

/** What the lists had said by an instant at which no run was on its way. */
export type Chapter = {
  knownAt: Instant;
  /** The last document of every case, those not listed any more too. */
  told: ReadonlyMap<string, ToldCase>;
  /** The keys of the cases that the last list of their account had. */
  listed: ReadonlySet<string>;
  /** Since when those that it had not are missing, as the database says. */
  missingSince: ReadonlyMap<string, Instant>;
};

export type Past = {
  accounts: readonly ReportedAccount[];
  chapters: readonly Chapter[];
  last: Chapter;
  /** The account of every item that cannot be read. */
  unreadable: readonly string[];
  rig: Rig;
};
