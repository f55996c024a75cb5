// The result of comparing an account's list with its tables.
import { FirstOf } from './first-of.ts';

/** A case that is not the same in the list and in the tables. `fields`: names of what differs. */
export type CaseDifference = { caseId: string; fields: string[] };

type Counted<T> = Pick<FirstOf<T>, 'kept' | 'total'>;

export type ApiComparison = {
  accountId: string;
  /** Cases of the list, without rejected items. */
  listed: number;
  rejected: number;
  /** Whether the list has a filter: then nothing is said about cases that are not in it. */
  isFiltered: boolean;
  /** The end of the last run that read the list; null = none did. */
  lastRunAt: Date | null;
  /** Cases whose document the last run saw as it is, or whose columns are not of their history: the tables are wrong. */
  differing: Counted<CaseDifference>;
  /** Cases that changed at Dintero since the last run, came, or went. */
  changedSince: Counted<CaseDifference>;
  /** Whether no document has the fingerprint of the last run: a setting or the version changed since. */
  isUnrecognized: boolean;
  /** Rows of the roll-ups that the history does not give; null = they could not be compared. */
  rollUps: Counted<{ table: string; row: string }> | null;
  /** Why the list could not be read whole; null = it was. */
  error: string | null;
};

/** Whether nothing was found that a run would not explain. */
export function isEqual({ differing, rollUps, error }: ApiComparison): boolean {
  return error === null && differing.total === 0 && (rollUps?.total ?? 0) === 0;
}

/** Collects the differences of an account's cases while its list is read. */
export class DifferenceCollector {
  readonly differing: FirstOf<CaseDifference>;
  readonly changedSince: FirstOf<CaseDifference>;
  /** Ids of cases that differ: after a broken connection the list is read again. */
  readonly #wrong = new Set<string>();
  readonly #changed = new Set<string>();
  #compared = 0;
  #seen = 0;

  constructor(most: number) {
    this.differing = new FirstOf(most);
    this.changedSince = new FirstOf(most);
  }

  /** A case of the list beside the tables. `isSeen`: the last run saw this very document. */
  add({ isSeen, ...difference }: CaseDifference & { isSeen: boolean }): void {
    this.#compared += 1;
    if (isSeen) this.#seen += 1;
    if (difference.fields.length === 0) return;
    if (isSeen) this.addWrong(difference);
    else this.#addChanged(difference);
  }

  /** A case that is only in the list, or only in the tables. */
  addOneSided(caseId: string, field: string): void {
    this.#addChanged({ caseId, fields: [field] });
  }

  /** A case whose columns do not follow from its own history, whatever the list has. */
  addWrong(difference: CaseDifference): void {
    if (this.#wrong.has(difference.caseId)) return;
    this.#wrong.add(difference.caseId);
    this.differing.add([difference]);
  }

  get isUnrecognized(): boolean {
    return this.#compared > 0 && this.#seen === 0;
  }

  #addChanged(difference: CaseDifference): void {
    if (this.#changed.has(difference.caseId)) return;
    this.#changed.add(difference.caseId);
    this.changedSince.add([difference]);
  }
}
