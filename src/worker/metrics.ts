import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RunRow, RunState } from '../model/run.ts';
import { withTimeout } from './timeout.ts';

type MetricsOptions = {
  /** Seconds since each account's last success; null = never. */
  freshness: () => Promise<{ accountId: string; secondsSinceSuccess: number | null }[]>;
  queue: () => Promise<{ waiting: number; active: number }>;
  /** After this, the database counts as down. Well below ten seconds, when Prometheus itself gives up. */
  timeoutMs?: number;
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
  }

  /** All metrics in Prometheus' text format. If the database is down, its metrics are left out. */
  async render(): Promise<{ contentType: string; body: string }> {
    const { freshness, queue, timeoutMs = 2_000 } = this.#options;
    const { up, age, jobs } = this.#gauges;
    const [accounts, counts] = await Promise.allSettled([
      withTimeout(timeoutMs, freshness),
      withTimeout(timeoutMs, queue),
    ]);
    age.reset();
    jobs.reset();
    up.set(accounts.status === 'fulfilled' && counts.status === 'fulfilled' ? 1 : 0);
    if (accounts.status === 'fulfilled') {
      for (const { accountId, secondsSinceSuccess } of accounts.value) {
        age.set({ account: accountId }, secondsSinceSuccess ?? Number.POSITIVE_INFINITY);
      }
    }
    if (counts.status === 'fulfilled') {
      jobs.set({ state: 'waiting' }, counts.value.waiting);
      jobs.set({ state: 'active' }, counts.value.active);
    }
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  /** Counts a run that this process closed. */
  recordRun(row: RunRow): void {
    const { runs, duration, cases, rejected, requests, retries, bytes } = this.#runs;
    runs.inc({ state: row.state });
    duration.observe(((row.finished_at ?? row.heartbeat_at).getTime() - row.started_at.getTime()) / 1000);
    for (const outcome of OUTCOMES) cases.inc({ outcome }, row[`cases_${outcome}`]);
    rejected.inc(row.items_rejected);
    requests.inc(row.requests);
    retries.inc(row.retries);
    bytes.inc(row.bytes_read);
  }
}

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    up: new Gauge({
      name: 'cdd_sync_database_up',
      help: 'Whether the database answered this scrape; when 0, what is read from it is left out.',
      registers,
    }),
    age: new Gauge({
      name: 'cdd_sync_seconds_since_last_success',
      help: 'Seconds since the end of the last succeeded run of an account, by any worker; +Inf when there was none.',
      labelNames: ['account'],
      registers,
    }),
    jobs: new Gauge({
      name: 'cdd_sync_queue_jobs',
      help: 'Runs in the queue that all workers share, waiting or active.',
      labelNames: ['state'],
      registers,
    }),
  };
}

function createRunMetrics(registry: Registry) {
  const registers = [registry];
  return {
    runs: new Counter({
      name: 'cdd_sync_runs_total',
      help: 'Runs that this worker ended, by the state they ended in.',
      labelNames: ['state'],
      registers,
    }),
    duration: new Histogram({
      name: 'cdd_sync_run_duration_seconds',
      help: 'How long the runs took, in seconds.',
      buckets: DURATION_BUCKETS,
      registers,
    }),
    cases: new Counter({
      name: 'cdd_sync_cases_total',
      help: 'Cases by what runs found: seen = created + updated + unchanged, returned are among those, missing are not.',
      labelNames: ['outcome'],
      registers,
    }),
    rejected: new Counter({
      name: 'cdd_sync_items_rejected_total',
      help: 'List items that could not be read, counted anew in every run.',
      registers,
    }),
    requests: new Counter({
      name: 'cdd_sync_requests_total',
      help: 'HTTP requests sent to the API, those for tokens included.',
      registers,
    }),
    retries: new Counter({
      name: 'cdd_sync_retries_total',
      help: 'HTTP requests to the API that were tried again.',
      registers,
    }),
    bytes: new Counter({
      name: 'cdd_sync_bytes_read_total',
      help: 'Bytes of lists read from the API, after decompression, retries included.',
      registers,
    }),
  };
}
