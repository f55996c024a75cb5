// A history of two accounts: changes of their lists, and runs between them.
/** Account and number of a case. `P1` and `T1` are one case in two accounts. */
export type CaseName = `${AccountLetter}${1 | 2 | 3 | 4}`;
export type AccountLetter = 'P' | 'T';

/** JSON texts by name, so that `1.0` and `1.00` differ. */
export type Fields = Readonly<Record<string, string>>;

/** A change of a case at the API. A case is listed from its first change on. */
export type Change =
  /** Replaces the event if the case has one with this id; else adds it as the first or last one. */
  | { change: 'event'; case: CaseName; id: number; fields: Fields; place: 'first' | 'last' }
  | { change: 'no event'; case: CaseName; id: number }
  /** Adds the events 6 to 25, more than one array of bodies holds. */
  | { change: 'many events'; case: CaseName }
  /** Null removes the field. */
  | { change: 'field'; case: CaseName; name: string; value: string | null }
  | { change: 'list'; case: CaseName; as: Listing }
  | AllListed
  | { change: 'spelling'; case: CaseName; keys: 'usual' | 'reversed'; id: 'lower' | 'upper' };

/** All cases that an account has had vanish, or are listed again. */
export type AllListed = { change: 'list all'; account: AccountLetter; as: 'vanished' | 'listed' };

/** How the list shows a case. `two …`: a second item of the case, or of its first event, with other content. */
export type Listing = (typeof LISTINGS)[number];
export const LISTINGS = [
  'listed',
  'vanished',
  'without id',
  'without events',
  'two events',
  'equal events',
  'two items',
  'equal items',
] as const;

/** The way in which the API or the worker fails during a run. */
export type Fault = (typeof FAULTS)[number];
export const FAULTS = [
  'none',
  'errors at first',
  'broken off once',
  'no etag',
  'errors',
  'forbidden',
  'broken off',
  'cut off',
  'no JSON at the end',
  'database lost before a batch',
  'database lost after a batch',
  'killed before a batch',
  'killed before closing',
] as const;

/** `filter`: the list has only the cases with odd numbers. `contracts`: it has field `case` of events. */
export type Run = {
  sync: AccountLetter;
  filter: boolean;
  contracts: boolean;
  personalData: 'keep' | 'drop' | 'minimal';
  acceptMissing: boolean;
  fault: Fault;
};

export type Step = Change | Run;

/** A run with usual settings. */
export const usualRun = (sync: AccountLetter): Run => ({
  sync,
  filter: false,
  contracts: false,
  personalData: 'keep',
  acceptMissing: false,
  fault: 'none',
});

export const isRun = (step: Step): step is Run => 'sync' in step;
