import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../src/model/run.ts';
import { JOB_CODES } from '../../src/worker/job.ts';
import { Metrics } from '../../src/worker/metrics.ts';
import { startTestServer } from '../support/worker-server.ts';

const options = {
  freshness: async () => [
    { accountId: 'P12345678', secondsSinceSuccess: 61.5, isStale: false },
    { accountId: 'T12345678', secondsSinceSuccess: null, isStale: true },
  ],
  queue: async () => ({ waiting: 3, active: 2 }),
  reports: async () => [],
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

// prom-client writes Nan for an event loop lag that it has not measured yet; Prometheus accepts any case.
const SAMPLE = /^(\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) (Nan|[+-]Inf|[-+.\de]+)$/;

/** Parses Prometheus' text format into values by name and labels. Throws on any other line. */
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

async function scrape(metrics: Metrics) {
  await using server = await startTestServer({ metrics });
  const { status, type, body } = await server.ask('/metrics');
  return { status, type, body, samples: samplesOf(body) };
}

describe('/metrics', () => {
  it("is in Prometheus' format, with metrics of the process and of the database", async () => {
    const { status, type, samples } = await scrape(new Metrics(options));
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

  it('counts closed runs by state, and their cases by outcome', async () => {
    const metrics = new Metrics(options);
    metrics.recordRun(row);
    metrics.recordRun({ ...row, started_at: new Date(1000) });
    metrics.recordRun({ ...row, state: 'failed', finished_at: null });
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

  it('has the failures of reports of each account, as the database has them', async () => {
    const reports = async () => [
      { accountId: 'P12345678', isFailing: true, failures: 4 },
      { accountId: 'T12345678', isFailing: false, failures: 0 },
    ];
    const metrics = new Metrics({ ...options, reports });
    await scrape(metrics);
    const { samples } = await scrape(metrics);
    expect(samples).toMatchObject({
      'cdd_sync_reports_failing{account="P12345678"}': 1,
      'cdd_sync_reports_failing{account="T12345678"}': 0,
      'cdd_sync_report_failures_total{account="P12345678"}': 4,
      'cdd_sync_report_failures_total{account="T12345678"}': 0,
      cdd_sync_database_up: 1,
    });
  });

  it('has whether each channel of notify takes messages, and how many wait for it', async () => {
    const channels = async () => [
      { channel: 'ops', downSince: new Date(), waiting: 3 },
      { channel: 'mail', downSince: null, waiting: 0 },
    ];
    const { samples } = await scrape(new Metrics({ ...options, channels }));
    expect(samples).toMatchObject({
      'cdd_sync_notify_channel_up{channel="ops"}': 0,
      'cdd_sync_notify_waiting{channel="ops"}': 3,
      'cdd_sync_notify_channel_up{channel="mail"}': 1,
      'cdd_sync_notify_waiting{channel="mail"}': 0,
    });
  });

  it('has the length of each digest chain, and the digest of one of its links', async () => {
    const digests = async () => [{ accountId: 'P12345678', newest: 41, number: 38, digest: '0a'.repeat(32) }];
    const { samples } = await scrape(new Metrics({ ...options, digests }));
    expect(samples).toMatchObject({
      'cdd_sync_digest_links{account="P12345678"}': 41,
      [`cdd_sync_digest_info{account="P12345678",number="38",digest="${'0a'.repeat(32)}"}`]: 1,
    });
  });

  it('has the cases that are due to be erased, counted once beside the scrapes', async () => {
    const counting = Promise.withResolvers<{ accountId: string; cases: number }[]>();
    let counts = 0;
    const dueCases = () => {
      counts += 1;
      return counting.promise;
    };
    const metrics = new Metrics({ ...options, dueCases });
    const name = 'cdd_sync_cases_due_to_erase{account="P12345678"}';
    const { samples: before } = await scrape(metrics);
    expect([before[name], before.cdd_sync_database_up]).toEqual([undefined, 1]);
    counting.resolve([{ accountId: 'P12345678', cases: 7 }]);
    await expect.poll(async () => (await scrape(metrics)).samples[name]).toBe(7);
    expect(counts).toBe(1);
  });

  it('has no cases that are due while they cannot be counted, tells that once, and counts them again', async () => {
    let failures = 0;
    const dueCases = async () => {
      failures += 1;
      if (failures > 3) return [{ accountId: 'P1', cases: 2 }];
      throw new Error(`timeout ${failures}`);
    };
    const told: unknown[] = [];
    const metrics = new Metrics({ ...options, dueCases, onUncounted: (error) => told.push(error) });
    await expect.poll(async () => (await scrape(metrics)).samples['cdd_sync_cases_due_to_erase{account="P1"}']).toBe(2);
    expect(told).toEqual([new Error('timeout 1')]);
  });

  it('escapes an account id that would end its label', async () => {
    const accounts = [{ accountId: 'P1"} 1\\\nforged 2', secondsSinceSuccess: 1, isStale: false }];
    const { body } = await new Metrics({ ...options, freshness: async () => accounts }).render();
    expect(body).toContain('cdd_sync_seconds_since_last_success{account="P1\\"} 1\\\\\\nforged 2"} 1\n');
    expect(body).not.toMatch(/^forged/m);
  });

  it('counts jobs by error code, also those that ended without a run', async () => {
    const metrics = new Metrics(options);
    for (const code of ['NONE', 'DATABASE', 'DATABASE', 'UNEXPECTED'] as const) metrics.recordJob(code);
    const { samples } = await scrape(metrics);
    expect(samples).toMatchObject({
      'cdd_sync_jobs_total{code="NONE"}': 1,
      'cdd_sync_jobs_total{code="DATABASE"}': 2,
      'cdd_sync_jobs_total{code="UNEXPECTED"}': 1,
      'cdd_sync_jobs_total{code="LOCKED"}': 0,
    });
  });

  it('starts every series of the runs and jobs at 0', async () => {
    const { samples } = await scrape(new Metrics(options));
    const series = Object.entries(samples).filter(([name]) => /^cdd_sync_.*(_total|_count)/.test(name));
    expect(series).toHaveLength(16 + JOB_CODES.length);
    expect(series.filter(([, value]) => value !== 0)).toEqual([]);
  });

  it('reports the database as down and leaves out its metrics when a query rejects or hangs', async () => {
    const metrics = new Metrics({
      freshness: () => Promise.reject(new Error('postgres://user:sesame@db is away')),
      queue: () => new Promise(() => {}),
      reports: async () => [],
      timeoutMs: 20,
    });
    const { status, body, samples } = await scrape(metrics);
    expect(status).toBe(200);
    expect(samples.cdd_sync_database_up).toBe(0);
    expect(Object.keys(samples).filter((name) => /since_last|account_stale|queue_jobs/.test(name))).toEqual([]);
    expect(body).not.toContain('sesame');
  });

  it('drops an account that is no longer configured, and all accounts when the database goes down', async () => {
    const answers = [
      [{ accountId: 'P1', secondsSinceSuccess: 1, isStale: false }],
      [{ accountId: 'P2', secondsSinceSuccess: 2, isStale: false }],
    ];
    const freshness = async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('away');
      return answer;
    };
    const metrics = new Metrics({ ...options, freshness });
    const accountSeries = async () => {
      const { samples } = await scrape(metrics);
      return Object.keys(samples).filter((name) => name.includes('account='));
    };
    const seriesOf = (id: string) =>
      ['seconds_since_last_success', 'account_stale'].map((name) => `cdd_sync_${name}{account="${id}"}`);
    expect(await accountSeries()).toEqual(seriesOf('P1'));
    expect(await accountSeries()).toEqual(seriesOf('P2'));
    expect(await accountSeries()).toEqual([]);
  });

  it('keeps the metrics of two workers in one process apart', async () => {
    const [one, other] = [new Metrics(options), new Metrics(options)];
    one.recordRun(row);
    expect((await scrape(one)).samples['cdd_sync_runs_total{state="succeeded"}']).toBe(1);
    expect((await scrape(other)).samples['cdd_sync_runs_total{state="succeeded"}']).toBe(0);
  });
});
