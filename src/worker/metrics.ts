import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RunRow, RunState } from '../model/run.ts';
import { within } from './timeout.ts';

type Sources = {
  /** By the account's id; null = it was never synced with success. */
  freshness: () => Promise<{ accountId: string; secondsSinceSuccess: number | null }[]>;
  queue: () => Promise<{ waiting: number; active: number }>;
  /** How long they may take before the database counts as away. Prometheus itself gives up after ten seconds. */
  patienceMs?: number;
};

export type Metrics = {
  /** Everything in Prometheus' text format. Does not fail when the database is away. */
  text: () => Promise<{ contentType: string; body: string }>;
  /** Counts a run that this process closed. */
  runEnded: (row: RunRow) => void;
};

const ENDED: RunState[] = ['succeeded', 'partial', 'failed', 'abandoned'];
const OUTCOMES = ['seen', 'created', 'updated', 'unchanged', 'missing', 'returned'] as const;
/** Buckets of the durations, from a list that did not change to the first load of a large one. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** The worker's metrics, in a registry of their own. */
export function createMetrics({ freshness, queue, patienceMs = 2_000 }: Sources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = createGauges(registry);
  return {
    async text() {
      const [accounts, jobs] = await Promise.allSettled([within(patienceMs, freshness), within(patienceMs, queue)]);
      gauges.age.reset();
      gauges.jobs.reset();
      gauges.up.set(accounts.status === 'fulfilled' && jobs.status === 'fulfilled' ? 1 : 0);
      if (accounts.status === 'fulfilled') {
        for (const { accountId, secondsSinceSuccess } of accounts.value) {
          gauges.age.set({ account: accountId }, secondsSinceSuccess ?? Number.POSITIVE_INFINITY);
        }
      }
      if (jobs.status === 'fulfilled') {
        gauges.jobs.set({ state: 'waiting' }, jobs.value.waiting);
        gauges.jobs.set({ state: 'active' }, jobs.value.active);
      }
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    runEnded: runCounter(registry),
  };
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

function runCounter(registry: Registry): (row: RunRow) => void {
  const { runs, duration, cases, rejected, requests, retries, bytes } = createRunMetrics(registry);
  // A series that begins with its first count shows no increase.
  for (const state of ENDED) runs.inc({ state }, 0);
  for (const outcome of OUTCOMES) cases.inc({ outcome }, 0);
  return (row) => {
    runs.inc({ state: row.state });
    duration.observe(((row.finished_at ?? row.heartbeat_at).getTime() - row.started_at.getTime()) / 1000);
    for (const outcome of OUTCOMES) cases.inc({ outcome }, row[`cases_${outcome}`]);
    rejected.inc(row.items_rejected);
    requests.inc(row.requests);
    retries.inc(row.retries);
    bytes.inc(row.bytes_read);
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
      buckets: SECONDS,
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
