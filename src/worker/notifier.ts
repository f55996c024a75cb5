// Judges after runs and once a minute which messages are due, and delivers them.
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { type DeliverOptions, deliver } from '../notify/deliver.ts';
import { deliverDeferred } from '../notify/deliver-deferred.ts';
import { judge } from '../notify/judge.ts';
import { tryAgain } from '../store/notices/channels.ts';
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import { logDeferredDelivery, logDelivery } from './notice-log.ts';
import type { RunQueue } from './queue.ts';

/** A late account has no run, so time alone must lead to a judgement. */
const EVERY_MS = 60_000;
/** Runs of many accounts end within moments: one judgement is enough. */
const AFTER_RUN_MS = 5_000;
/** After a night without a worker every account is late, until the first runs of a start have ended. */
const FIRST_MS = 20_000;

export type NotifierOptions = {
  config: Pick<Config, 'notify' | 'timezone' | 'server'>;
  database: Database;
  queue: Pick<RunQueue, 'addDeliveries' | 'workDeliveries'>;
  log: Pick<Log, 'info' | 'warn' | 'error' | 'debug'>;
};

/** Tells people. Without channels it does nothing. */
export class Notifier {
  readonly #options: NotifierOptions;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #judging: Promise<void> = Promise.resolve();
  #failure: string | null = null;
  #isRunning = false;
  #firstAt = 0;
  readonly #stopping = new AbortController();
  readonly #deliveryFailures = new Map<string, string>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /**
   * Starts judging and delivering.
   * @throws SyncError DATABASE when the queue cannot be read.
   */
  async start(): Promise<void> {
    const { config, database, queue } = this.#options;
    if (config.notify.channels.length === 0) return;
    await tryAgain(database);
    await queue.workDeliveries((channel) => this.deliver(channel));
    this.#isRunning = true;
    this.#firstAt = performance.now() + FIRST_MS;
    this.#planWithin(FIRST_MS);
  }

  /** Judges soon, because a run has ended. */
  runEnded(): void {
    this.#planWithin(AFTER_RUN_MS);
  }

  /** Judges no more, and breaks a judgement off: it may take longer than a process may take to exit. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#judging;
  }

  #planWithin(ms: number): void {
    const now = performance.now();
    const dueAt = Math.max(now + ms, this.#firstAt);
    if (!this.#isRunning || this.#dueAt <= dueAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#judging = this.judge().finally(() => {
        this.#dueAt = Number.POSITIVE_INFINITY;
        this.#planWithin(EVERY_MS);
      });
    }, dueAt - now);
  }

  /** Judges once. A failure is logged when it begins and when its reason changes. */
  async judge(): Promise<void> {
    const { config, database, queue, log } = this.#options;
    try {
      const enqueue: RunQueue['addDeliveries'] = (tx, channels) => queue.addDeliveries(tx, channels);
      const judgement = await judge(database, {
        settings: config.notify,
        enqueue,
        signal: this.#stopping.signal,
      });
      if (this.#failure !== null) log.info('states to tell are judged again');
      this.#failure = null;
      for (const { channel, items } of judgement?.dropped ?? [])
        log.warn(
          { channel, items },
          `${channel} is no channel of the configuration any more: its waiting messages are dropped`,
        );
    } catch (err) {
      // The watch of Postgres logs an outage, once for all parts of the worker.
      if (this.#stopping.signal.aborted || outageKind(err) !== null) return;
      const reason = err instanceof Error ? err.message : String(err);
      if (reason !== this.#failure)
        log.error({ err }, 'nobody is told of anything, because judging fails; it is tried every minute');
      this.#failure = reason;
    }
  }

  /**
   * Delivers the items that wait for a channel.
   * @throws an error when the queue should try again.
   */
  async deliver(id: string): Promise<void> {
    const { config, database, log } = this.#options;
    const channel = config.notify.channels.find((one) => one.id === id);
    if (channel === undefined)
      throw new Error(`${id} is no channel of this replica's configuration; left to another replica`);
    const options: DeliverOptions = { baseUrl: config.server.url, timezone: config.timezone };
    const work = async () => {
      logDeferredDelivery(log, id, await deliverDeferred(database, channel, options));
      return deliver(database, channel, options);
    };
    const delivery = await work().catch((err: unknown) => {
      this.#deliveryFailed(id, err);
      throw err;
    });
    this.#deliveryFailures.delete(id);
    logDelivery(log, id, delivery);
    if (delivery.outcome === 'failed' && delivery.mayRetry) throw delivery.error;
  }

  /** An error that is none of the channel: logged when it begins and when its reason changes. pg-boss would keep it for itself. */
  #deliveryFailed(channel: string, err: unknown): void {
    if (outageKind(err) !== null) return;
    const reason = err instanceof Error ? err.message : String(err);
    if (reason === this.#deliveryFailures.get(channel)) return;
    this.#deliveryFailures.set(channel, reason);
    this.#options.log.error(
      { err, channel },
      `messages to ${channel} cannot be made; they are kept, and it is tried again`,
    );
  }
}
