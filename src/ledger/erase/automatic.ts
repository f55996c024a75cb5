// retention.erase: automatic.
import { counted } from '../../model/counted.ts';
import { dueCases } from '../../store/ledger/erase/due-cases.ts';
import { type DueShare, dueShares } from '../../store/ledger/erase/due-shares.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { eraseDue } from './due.ts';

/** Per run: the next run of the account goes on. */
const LIMITS = { cases: 500, milliseconds: 10_000 };

/**
 * No automatic erasure if more than this share of the account's cases, and more than this number, is due at once. Cases
 * become due day by day, but a changed configuration makes thousands due, so a person must look first. The same holds
 * for the other accounts together: a partner's merchants have a few cases each.
 */
const GUARD = { ratio: 0.01, atLeast: 100 };

const HOUR_MS = 3_600_000;

type Tell = (news: { account: string; level: 'info' | 'warn'; text: string }) => void;

/** Erases due cases after runs. One object per process, because it tells of the guard only once an hour. */
export class AutomaticErasure {
  readonly #database: Database;
  readonly #tell: Tell;
  readonly #guard: typeof GUARD;
  /** When the guard was told of last, by account or for all together, in milliseconds of the process. */
  readonly #toldAt = new Map<string, number>();

  constructor(database: Database, tell: Tell, guard = GUARD) {
    this.#database = database;
    this.#tell = tell;
    this.#guard = guard;
  }

  /** Never rejects: an error here must not fail a run that is closed. The next run of the account tries again. */
  async afterRun(accountId: string): Promise<void> {
    try {
      await this.#eraseDue(accountId);
    } catch (error) {
      this.#tell({
        account: accountId,
        level: 'warn',
        text: `${accountId}: cases that are due could not be erased; the next run tries again: ${error instanceof Error ? error.message : error}`,
      });
    }
  }

  async #eraseDue(accountId: string): Promise<void> {
    const [first] = await dueCases(this.#database, accountId, 1);
    if (first === undefined || (await this.#isHeldBack(accountId))) return;
    const erased = await eraseDue(this.#database, { accountId, by: null }, LIMITS);
    if (erased === 0) return;
    await renewStatistics(this.#database);
    this.#tell({
      account: accountId,
      level: 'info',
      text: `${accountId}: ${counted(erased, 'case')} erased after the end of the time to keep; the receipts: cdd-sync show erasures`,
    });
  }

  /** Whether so many cases are due that none is erased without a person; told once an hour. */
  async #isHeldBack(accountId: string): Promise<boolean> {
    const shares = await dueShares(this.#database);
    const own = shares.find((share) => share.accountId === accountId);
    if (own !== undefined && this.#isTooMuch(own)) {
      this.#tellOfGuard(accountId, accountId, `${own.due} of ${own.cases} cases`);
      return true;
    }
    const others = shares.filter((share) => !this.#isTooMuch(share));
    const all = { due: sum(others.map(({ due }) => due)), cases: sum(others.map(({ cases }) => cases)) };
    if (!this.#isTooMuch(all)) return false;
    this.#tellOfGuard('', accountId, `${all.due} of ${all.cases} cases of ${others.length} accounts`);
    return true;
  }

  #isTooMuch({ due, cases }: Pick<DueShare, 'due' | 'cases'>): boolean {
    return due > Math.max(this.#guard.atLeast, this.#guard.ratio * cases);
  }

  #tellOfGuard(key: string, account: string, cases: string): void {
    const toldAt = this.#toldAt.get(key);
    if (toldAt !== undefined && performance.now() - toldAt < HOUR_MS) return;
    this.#toldAt.set(key, performance.now());
    const text =
      `${account}: ${cases} are due to be erased at once, so none is erased automatically. ` +
      'Was retention.cases changed? To look: cdd-sync show retention --where state=due. ' +
      `If they may go, for each account: cdd-sync erase --account ${account} --due --yes`;
    this.#tell({ account, level: 'warn', text });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
