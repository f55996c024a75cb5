import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { durationSeconds, type RunRow, type RunState } from '../model/run.ts';
import type { ChainState } from '../store/ledger/chain-state.ts';
import type { ChannelHealth } from '../store/notices/channels.ts';
import { JOB_CODES, type JobCode } from './job.ts';
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
  /** After this, the database counts as down. Well below ten seconds, when Prometheus itself gives up. */
  timeoutMs?: number;
  /** Lines of the log that could not be written. */
  lostLogLines?: () => number;
};

const FINAL_STATES: RunState[] = ['succeeded', 'partial', 'failed', 'abandoned'];
const OUTCOMES = ['seen', 'created', 'updated', 'unchanged', 'missing', 'returned'] as const;
/** Buckets of the run duration: from an unchanged list to the first load of a large one. */
const DURATION_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** The worker's metrics, in a registry of their own so that two workers in one process stay apart. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #gauges: ReturnType<typeof createGauges>;
  readonly #runs: ReturnType<typeof createRunMetrics>;

  constructor(options: MetricsOptions) {
    this.#options = options;
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
    const {
      freshness,
      queue,
      reports,
      channels = async () => [],
      digests = async () => [],
      timeoutMs = 2_000,
      lostLogLines = () => 0,
    } = this.#options;
    const { up, age, stale, jobs, reportsFailing, channelUp, channelWaiting, links, digestInfo } = this.#gauges;
    const { reportFailures, logLinesLost } = this.#runs;
    const [accounts, counts, health, notified, chains] = await Promise.allSettled([
      withTimeout(timeoutMs, freshness),
      withTimeout(timeoutMs, queue),
      withTimeout(timeoutMs, reports),
      withTimeout(timeoutMs, channels),
      withTimeout(timeoutMs, digests),
    ]);
    for (const metric of [
      age,
      stale,
      jobs,
      reportsFailing,
      reportFailures,
      channelUp,
      channelWaiting,
      links,
      digestInfo,
      logLinesLost,
    ])
      metric.reset();
    logLinesLost.inc(lostLogLines());
    up.set([accounts, counts, health, notified, chains].every(({ status }) => status === 'fulfilled') ? 1 : 0);
    if (accounts.status === 'fulfilled') {
      for (const { accountId, secondsSinceSuccess, isStale } of accounts.value) {
        age.set({ account: accountId }, secondsSinceSuccess ?? Number.POSITIVE_INFINITY);
        stale.set({ account: accountId }, isStale ? 1 : 0);
      }
    }
    if (counts.status === 'fulfilled') {
      jobs.set({ state: 'waiting' }, counts.value.waiting);
      jobs.set({ state: 'active' }, counts.value.active);
    }
    if (health.status === 'fulfilled') {
      for (const { accountId, isFailing, failures } of health.value) {
        reportsFailing.set({ account: accountId }, isFailing ? 1 : 0);
        reportFailures.inc({ account: accountId }, failures);
      }
    }
    if (notified.status === 'fulfilled') {
      for (const { channel, downSince, waiting } of notified.value) {
        channelUp.set({ channel }, downSince === null ? 1 : 0);
        channelWaiting.set({ channel }, waiting);
      }
    }
    if (chains.status === 'fulfilled') {
      for (const { accountId, newest, number, digest } of chains.value) {
        links.set({ account: accountId }, newest);
        digestInfo.set({ account: accountId, number: String(number), digest }, 1);
      }
    }
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
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

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `cdd_sync_${name}`, help, labelNames, registers: [registry] });
  return {
    up: gauge('database_up', 'Whether the database answered this scrape. If 0, the metrics read from it are left out.'),
    age: gauge(
      'seconds_since_last_success',
      "Seconds since the end of an account's last succeeded run, by any worker; +Inf if there is none.",
      ['account'],
    ),
    stale: gauge(
      'account_stale',
      'Whether an account is late by its schedule: by three intervals or 15 minutes, whichever is more.',
      ['account'],
    ),
    reportsFailing: gauge(
      'reports_failing',
      "Whether an account's daily and monthly reports stand still: updating them failed, or the worker died before it.",
      ['account'],
    ),
    channelUp: gauge('notify_channel_up', 'Whether a channel of notify took the last message.', ['channel']),
    channelWaiting: gauge('notify_waiting', 'Things that wait to be told, by channel of notify.', ['channel']),
    links: gauge('digest_links', "Links of an account's digest chain. It only grows.", ['account']),
    digestInfo: gauge(
      'digest_info',
      "The last link of an account's digest chain that was made before today (UTC), else the first; always 1.",
      ['account', 'number', 'digest'],
    ),
    jobs: gauge('queue_jobs', 'Runs in the queue that all workers share, waiting or active.', ['state']),
  };
}

function createRunMetrics(registry: Registry) {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `cdd_sync_${name}_total`, help, labelNames, registers: [registry] });
  return {
    jobs: counter('jobs', 'Jobs of the queue that ended in this worker, by error code; also those without a run.', [
      'code',
    ]),
    reportFailures: counter('report_failures', "Failed updates of an account's reports, by any worker.", ['account']),
    runs: counter('runs', 'Runs that this worker closed, by their final state.', ['state']),
    duration: new Histogram({
      name: 'cdd_sync_run_duration_seconds',
      help: 'Duration of the runs, in seconds.',
      buckets: DURATION_BUCKETS,
      registers: [registry],
    }),
    cases: counter(
      'cases',
      'Cases by outcome of the runs. seen = created + updated + unchanged; these include returned, but not missing.',
      ['outcome'],
    ),
    rejected: counter('items_rejected', 'List items that could not be read, counted again in every run.'),
    requests: counter('requests', 'HTTP requests to the API, including those for tokens.'),
    retries: counter('retries', 'HTTP requests to the API that were retries.'),
    logLinesLost: counter('log_lines_lost', 'Lines of the log that could not be written: disk full, or pipe closed.'),
    bytes: counter('bytes_read', 'Bytes of lists read from the API, after decompression, including retries.'),
  };
}
