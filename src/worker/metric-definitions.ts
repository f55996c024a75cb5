import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Buckets of the run duration: from an unchanged list to the first load of a large one. */
const DURATION_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Metrics that are read from the database at each scrape. */
export function createGauges(registry: Registry) {
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
    due: gauge(
      'cases_due_to_erase',
      'Cases of an account that are due to be erased by retention.cases, and not held. Counted every five minutes.',
      ['account'],
    ),
    links: gauge('digest_links', "Links of an account's digest chain. It only grows.", ['account']),
    digestInfo: gauge(
      'digest_info',
      "The last link of an account's digest chain that was made before today (UTC), else the first; always 1.",
      ['account', 'number', 'digest'],
    ),
    jobs: gauge('queue_jobs', 'Runs in the queue that all workers share, waiting or active.', ['state']),
  };
}

/** Metrics that are counted. */
export function createRunMetrics(registry: Registry) {
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
