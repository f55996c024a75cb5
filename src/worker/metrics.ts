import { collectDefaultMetrics, Registry } from 'prom-client';
import { durationSeconds, type RunRow, type RunState } from '../model/run.ts';
import type { ChainState } from '../store/ledger/chain-state.ts';
import type { DueCount } from '../store/ledger/erase/due-cases.ts';
import type { ChannelHealth } from '../store/notices/channels.ts';
import { BackgroundValue } from './background-value.ts';
import { JOB_CODES, type JobCode } from './job.ts';
import { createGauges, createRunMetrics } from './metric-definitions.ts';
import { withTimeout } from './timeout.ts';

type MetricsOptions = {
  /** `secondsSinceSuccess` is null for an account that never had a success. */
  freshness: () => Promise<{ accountId: string; secondsSinceSuccess: number | null; isStale: boolean }[]>;
  queue: () => Promise<{ waiting: number; active: number }>;
  /** Whether each account's reports stand still, and how many of its roll-ups ever failed. */
  reports: () => Promise<{ accountId: string; isFailing: boolean; failures: number }[]>;
  /** Whether each channel of notify takes messages, and how much waits for it. */
  channels?: () => Promise<ChannelHealth[]>;
  /** Length of each account's digest chain, and a link of it that changes once a day at most. */
  digests?: () => Promise<ChainState[]>;
  /** How many cases of each account are due to be erased. Takes a second for a million cases, so no scrape waits for it. */
  dueCases?: () => Promise<DueCount[]>;
  /** Called when due cases can no longer be counted, with the first error. */
  onUncounted?: (error: unknown) => void;
  /** After this, the database counts as down. Well below ten seconds, when Prometheus itself gives up. */
  timeoutMs?: number;
  /** Lines of the log that could not be written. */
  lostLogLines?: () => number;
};

type Question = 'freshness' | 'queue' | 'reports' | 'channels' | 'digests';
type Answer<Name extends Question> = Awaited<ReturnType<Required<MetricsOptions>[Name]>>;

/** Of the cases that are due to be erased: an alert on them waits for a day. */
const COUNT_DUE_EVERY_MS = 5 * 60_000;
const FINAL_STATES: RunState[] = ['succeeded', 'partial', 'failed', 'abandoned'];
const OUTCOMES = ['seen', 'created', 'updated', 'unchanged', 'missing', 'returned'] as const;

/** The worker's metrics, in a registry of their own so that two workers in one process stay apart. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #gauges: ReturnType<typeof createGauges>;
  readonly #runs: ReturnType<typeof createRunMetrics>;
  readonly #dueCases: BackgroundValue<DueCount[]>;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const { dueCases = async () => [], onUncounted = () => {} } = options;
    this.#dueCases = new BackgroundValue(dueCases, { everyMs: COUNT_DUE_EVERY_MS, onFailure: onUncounted });
    collectDefaultMetrics({ register: this.#registry });
    this.#gauges = createGauges(this.#registry);
    this.#runs = createRunMetrics(this.#registry);
    // Every series starts at 0: Prometheus sees no increase in a series that starts with its first count.
    for (const state of FINAL_STATES) this.#runs.runs.inc({ state }, 0);
    for (const outcome of OUTCOMES) this.#runs.cases.inc({ outcome }, 0);
    for (const code of JOB_CODES) this.#runs.jobs.inc({ code }, 0);
  }

  /** All metrics in Prometheus' text format. If the database is down, its metrics are left out. */
  async render(): Promise<{ contentType: string; body: string }> {
    const { freshness, queue, reports, channels, digests, lostLogLines = () => 0 } = this.#options;
    const { reportFailures, logLinesLost } = this.#runs;
    const answers = await Promise.all([
      this.#ask(freshness, (accounts) => this.#setFreshness(accounts)),
      this.#ask(queue, (counts) => this.#setQueue(counts)),
      this.#ask(reports, (accounts) => this.#setReports(accounts)),
      this.#ask(channels, (health) => this.#setChannels(health)),
      this.#ask(digests, (chains) => this.#setDigests(chains)),
    ]);
    // Nothing waits between reset and set: another scrape would see metrics that are not set yet.
    for (const metric of [...Object.values(this.#gauges), reportFailures, logLinesLost]) metric.reset();
    logLinesLost.inc(lostLogLines());
    this.#gauges.up.set(answers.every((answer) => answer !== null) ? 1 : 0);
    for (const setMetrics of answers) setMetrics?.();
    for (const { accountId, cases } of this.#dueCases.latest() ?? [])
      this.#gauges.due.set({ account: accountId }, cases);
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  /** Asks the database. Gives a function that sets the metrics of the answer; null if there was none in time. */
  async #ask<T>(question: (() => Promise<T>) | undefined, set: (answer: T) => void): Promise<(() => void) | null> {
    if (question === undefined) return () => {};
    try {
      const answer = await withTimeout(this.#options.timeoutMs ?? 2_000, question);
      return () => set(answer);
    } catch {
      return null;
    }
  }

  #setFreshness(accounts: Answer<'freshness'>): void {
    for (const { accountId, secondsSinceSuccess, isStale } of accounts) {
      this.#gauges.age.set({ account: accountId }, secondsSinceSuccess ?? Number.POSITIVE_INFINITY);
      this.#gauges.stale.set({ account: accountId }, isStale ? 1 : 0);
    }
  }

  #setQueue({ waiting, active }: Answer<'queue'>): void {
    this.#gauges.jobs.set({ state: 'waiting' }, waiting);
    this.#gauges.jobs.set({ state: 'active' }, active);
  }

  #setReports(accounts: Answer<'reports'>): void {
    for (const { accountId, isFailing, failures } of accounts) {
      this.#gauges.reportsFailing.set({ account: accountId }, isFailing ? 1 : 0);
      this.#runs.reportFailures.inc({ account: accountId }, failures);
    }
  }

  #setChannels(health: Answer<'channels'>): void {
    for (const { channel, downSince, waiting } of health) {
      this.#gauges.channelUp.set({ channel }, downSince === null ? 1 : 0);
      this.#gauges.channelWaiting.set({ channel }, waiting);
    }
  }

  #setDigests(chains: Answer<'digests'>): void {
    for (const { accountId, newest, number, digest } of chains) {
      this.#gauges.links.set({ account: accountId }, newest);
      this.#gauges.digestInfo.set({ account: accountId, number: String(number), digest }, 1);
    }
  }

  /** Counts a job that ended in this process, with a run or without. */
  recordJob(code: JobCode): void {
    this.#runs.jobs.inc({ code });
  }

  /** Counts a run that this process closed. */
  recordRun(row: RunRow): void {
    const { runs, duration, cases, rejected, requests, retries, bytes } = this.#runs;
    runs.inc({ state: row.state });
    duration.observe(durationSeconds(row));
    for (const outcome of OUTCOMES) cases.inc({ outcome }, row[`cases_${outcome}`]);
    rejected.inc(row.items_rejected);
    requests.inc(row.requests);
    retries.inc(row.retries);
    bytes.inc(row.bytes_read);
  }
}
