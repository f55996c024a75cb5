import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../src/model/run.ts';
import { createMetrics } from '../../src/worker/metrics.ts';
import { startTestServer } from '../support/worker-server.ts';

const sources = {
  freshness: async () => [
    { accountId: 'P12345678', secondsSinceSuccess: 61.5 },
    { accountId: 'T12345678', secondsSinceSuccess: null },
  ],
  queue: async () => ({ waiting: 3, active: 2 }),
};

const row: RunRow = {
  id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  account_id: 'P12345678',
  trigger: 'schedule',
  state: 'succeeded',
  started_at: new Date(0),
  heartbeat_at: new Date(700),
  finished_at: new Date(1500),
  complete: true,
  not_modified: false,
  cases_seen: 15,
  cases_created: 1,
  cases_updated: 2,
  cases_unchanged: 12,
  cases_missing: 4,
  cases_returned: 5,
  missing_held_back: 6,
  events_recorded: 7,
  transitions_recorded: 8,
  items_rejected: 9,
  bytes_read: 1_000_000,
  requests: 10,
  retries: 11,
  error_code: null,
  error_message: null,
};

// Nan is how prom-client writes the event loop's lag when it has not looked yet; Prometheus takes any case.
const SAMPLE = /^(\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) (Nan|[+-]Inf|[-+.\de]+)$/;

/** The samples of a text in Prometheus' format, by name and labels. Fails on a line that is none of it. */
function samplesOf(body: string): Record<string, number> {
  const lines = body.split('\n').filter((line) => line !== '' && !/^# (HELP|TYPE) \w+ \S/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value = ''] = SAMPLE.exec(line) ?? [];
      if (name === undefined) throw new Error(`not in Prometheus' format: ${line}`);
      return [name, Number(value.replace('Inf', 'Infinity'))];
    }),
  );
}

async function scrape(metrics: ReturnType<typeof createMetrics>) {
  await using server = await startTestServer({ metrics });
  const { status, type, body } = await server.ask('/metrics');
  return { status, type, body, samples: samplesOf(body) };
}

describe('/metrics', () => {
  it('is text that Prometheus reads, with what the process costs and what the database says', async () => {
    const { status, type, samples } = await scrape(createMetrics(sources));
    expect(status).toBe(200);
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(1_000_000);
    expect(samples).toMatchObject({
      'cdd_sync_seconds_since_last_success{account="P12345678"}': 61.5,
      'cdd_sync_seconds_since_last_success{account="T12345678"}': Number.POSITIVE_INFINITY,
      'cdd_sync_queue_jobs{state="waiting"}': 3,
      'cdd_sync_queue_jobs{state="active"}': 2,
      cdd_sync_database_up: 1,
    });
  });

  it('counts the runs that ended, by state and by what they found', async () => {
    const metrics = createMetrics(sources);
    metrics.runEnded(row);
    metrics.runEnded({ ...row, started_at: new Date(1000) });
    metrics.runEnded({ ...row, state: 'failed', finished_at: null });
    const { samples } = await scrape(metrics);
    expect(samples).toMatchObject({
      'cdd_sync_runs_total{state="succeeded"}': 2,
      'cdd_sync_runs_total{state="failed"}': 1,
      'cdd_sync_cases_total{outcome="seen"}': 45,
      'cdd_sync_cases_total{outcome="created"}': 3,
      'cdd_sync_cases_total{outcome="updated"}': 6,
      'cdd_sync_cases_total{outcome="unchanged"}': 36,
      'cdd_sync_cases_total{outcome="missing"}': 12,
      'cdd_sync_cases_total{outcome="returned"}': 15,
      cdd_sync_items_rejected_total: 27,
      cdd_sync_requests_total: 30,
      cdd_sync_retries_total: 33,
      cdd_sync_bytes_read_total: 3_000_000,
      'cdd_sync_run_duration_seconds_bucket{le="0.5"}': 1,
      'cdd_sync_run_duration_seconds_bucket{le="1"}': 2,
      'cdd_sync_run_duration_seconds_bucket{le="3600"}': 3,
      cdd_sync_run_duration_seconds_sum: 2.7,
      cdd_sync_run_duration_seconds_count: 3,
    });
  });

  it('has every series of the runs from the start, at 0', async () => {
    const { samples } = await scrape(createMetrics(sources));
    const series = Object.entries(samples).filter(([name]) => /^cdd_sync_.*(_total|_count)/.test(name));
    expect(series).toHaveLength(15);
    expect(series.filter(([, value]) => value !== 0)).toEqual([]);
  });

  it('says that the database is away, and leaves out what it would have said, when a read rejects or hangs', async () => {
    const metrics = createMetrics({
      freshness: () => Promise.reject(new Error('postgres://user:sesame@db is away')),
      queue: () => new Promise(() => {}),
      patienceMs: 20,
    });
    const { status, body, samples } = await scrape(metrics);
    expect(status).toBe(200);
    expect(samples.cdd_sync_database_up).toBe(0);
    expect(Object.keys(samples).filter((name) => /since_last|queue_jobs/.test(name))).toEqual([]);
    expect(body).not.toContain('sesame');
  });

  it('forgets an account that is not configured any more, and what it knew when the database goes away', async () => {
    const answers = [[{ accountId: 'P1', secondsSinceSuccess: 1 }], [{ accountId: 'P2', secondsSinceSuccess: 2 }]];
    const freshness = async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('away');
      return answer;
    };
    const metrics = createMetrics({ ...sources, freshness });
    const accounts = async () => {
      const { samples } = await scrape(metrics);
      return Object.keys(samples).filter((name) => name.includes('account='));
    };
    expect(await accounts()).toEqual(['cdd_sync_seconds_since_last_success{account="P1"}']);
    expect(await accounts()).toEqual(['cdd_sync_seconds_since_last_success{account="P2"}']);
    expect(await accounts()).toEqual([]);
  });

  it('of two workers in one process are apart', async () => {
    const [one, other] = [createMetrics(sources), createMetrics(sources)];
    one.runEnded(row);
    expect((await scrape(one)).samples['cdd_sync_runs_total{state="succeeded"}']).toBe(1);
    expect((await scrape(other)).samples['cdd_sync_runs_total{state="succeeded"}']).toBe(0);
  });
});
