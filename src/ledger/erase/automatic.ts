// retention.erase: automatic.
import { dueCases } from '../../store/ledger/erase/due-cases.ts';
import { dueShare } from '../../store/ledger/erase/due-share.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { eraseDue } from './due.ts';

/** Per run: the next run of the account goes on. */
const LIMITS = { cases: 500, milliseconds: 10_000 };

/**
 * No automatic erasure if more than this share of the account's cases, and more than this number, is due at once. Cases
 * become due day by day, but a changed configuration makes thousands due, so a person must look first.
 */
const GUARD = { ratio: 0.01, atLeast: 100 };

const HOUR_MS = 3_600_000;

type Tell = (news: { account: string; level: 'info' | 'warn'; text: string }) => void;

/** Erases due cases after runs. One object per process, because it tells of the guard only once an hour. */
export class AutomaticErasure {
  readonly #database: Database;
  readonly #tell: Tell;
  readonly #guard: typeof GUARD;
  /** When the guard was told of last, by account, in milliseconds of the process. */
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
    const { atLeast } = this.#guard;
    const first = await dueCases(this.#database, accountId, atLeast + 1);
    if (first.length > atLeast && (await this.#isHeldBack(accountId))) return;
    if (first.length === 0) return;
    const erased = await eraseDue(this.#database, { accountId, by: null }, LIMITS);
    if (erased === 0) return;
    await renewStatistics(this.#database);
    this.#tell({
      account: accountId,
      level: 'info',
      text: `${accountId}: ${erased} ${erased === 1 ? 'case' : 'cases'} erased, whose time was over; the receipts: cdd-sync show erasures`,
    });
  }

  /** Whether so many cases are due that none is erased without a person; told once an hour. */
  async #isHeldBack(accountId: string): Promise<boolean> {
    const { due, cases } = await dueShare(this.#database, accountId);
    if (due <= Math.max(this.#guard.atLeast, this.#guard.ratio * cases)) return false;
    const toldAt = this.#toldAt.get(accountId);
    if (toldAt === undefined || performance.now() - toldAt >= HOUR_MS) {
      this.#toldAt.set(accountId, performance.now());
      this.#tell({
        account: accountId,
        level: 'warn',
        text:
          `${accountId}: ${due} of ${cases} cases are due to be erased at once, so none is erased automatically. ` +
          'Was retention.cases changed? To look: cdd-sync show retention --where state=due. ' +
          `If they may go: cdd-sync erase --account ${accountId} --due --yes`,
      });
    }
    return true;
  }
}
