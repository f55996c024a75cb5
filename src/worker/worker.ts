import { once } from 'node:events';
import type { AccountDirectory } from './account-directory.ts';
import { IdleGarbage } from './idle-garbage.ts';
import { type JobOptions, runJob } from './job.ts';
import type { RunQueue } from './queue.ts';
import { startSchedule } from './schedule.ts';

export type WorkerOptions = JobOptions & {
  timezone: string;
  concurrency: number;
  accounts: AccountDirectory;
  queue: Pick<RunQueue, 'enqueue' | 'work'>;
  /** Stops the worker; runs under way end after their current batch. Its reason is a SyncError. */
  signal: AbortSignal;
};

/** Enqueues a run of every account at start and at each tick of its schedule, and processes the queue's jobs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #enqueuedIds = new Set<string>();
  #scheduled = '';
  #stopSchedule = (): void => {};

  private constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Starts processing jobs, and enqueues the first runs. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const { queue, concurrency, signal } = options;
    const worker = new Worker(options);
    // `jobSignal` aborts when the queue gives the job to another replica.
    const garbage = new IdleGarbage();
    await queue.work(concurrency, (request, jobSignal) =>
      garbage.after(() => runJob(request, AbortSignal.any([signal, jobSignal]), options)),
    );
    await worker.reschedule();
    return worker;
  }

  /** Schedules the current accounts, and enqueues a run of each new one. */
  async reschedule(): Promise<void> {
    const { timezone, log, signal } = this.#options;
    const accounts = this.#options.accounts.current;
    const wanted = JSON.stringify(accounts.map(({ id, schedule }) => [id, schedule]));
    // Not restarted without need: a restart drops the ticks that wait for their random delay.
    if (wanted !== this.#scheduled) {
      this.#stopSchedule();
      this.#stopSchedule = startSchedule(accounts, {
        timezone,
        onTick: (accountId, scheduledFor) => void this.#enqueue(accountId, scheduledFor.toISOString()),
        log,
      });
      this.#scheduled = wanted;
      if (signal.aborted) this.#stopSchedule();
    }
    for (const { id } of accounts) {
      if (signal.aborted) return;
      if (!this.#enqueuedIds.has(id)) await this.#enqueue(id);
    }
  }

  /**
   * Resolves after the signal has aborted and the schedule is stopped. Jobs under way end when the queue is stopped.
   */
  async stopped(): Promise<void> {
    const { signal } = this.#options;
    if (!signal.aborted) await once(signal, 'abort');
    this.#stopSchedule();
  }

  async #enqueue(accountId: string, dedupeKey?: string): Promise<void> {
    const { queue, log } = this.#options;
    try {
      await queue.enqueue({ accountId, trigger: 'schedule' }, dedupeKey);
      this.#enqueuedIds.add(accountId);
    } catch (err) {
      // The queue has reported the error to the watch of Postgres, which logs it once for all accounts.
      log.debug({ account: accountId, err }, 'a run could not be queued; the next tick of its schedule tries again');
    }
  }
}
