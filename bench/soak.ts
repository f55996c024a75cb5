// Runs one worker for a while over accounts with changing cases, expiring tokens, webhooks and failing answers. Judges
// whether the worker's memory, connections, queue and tables grow: npm run bench:soak -- --help
import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { textTable } from '../test/support/text-table.ts';
import { createFleet, type Fleet, settled } from './fleet.ts';
import { judge } from './soak/judgement.ts';
import { disturb, HOURS_PER_SECOND, subscribe, TOKEN_SECONDS } from './soak/load.ts';
import { type Sample, takeSample } from './soak/sample.ts';
import { endsText, findingRow, sampleRow } from './soak/text.ts';

const PORT = 18_090;
const SECRET = 'secret-of-the-soak-which-opens-nothing';
const SAMPLES = 120;
const PRINTED_SAMPLES = 12;
/** In a shorter soak, a third has hardly a full garbage collection, and its lowest values say nothing. */
const LEAST_MINUTES = 6;
/** Time limit for the first load of all accounts. */
const FIRST_LOAD_SECONDS = 120;
/** Under load, before the first sample: V8 compiles what runs often, and pools open their connections. */
const WARM_UP_SECONDS = 60;

type Options = { minutes: number; accounts: number; cases: number; json?: string; plant?: string };

const { minutes, accounts, cases, json, plant } = new Command('npm run bench:soak --')
  .description('One worker under load. Exit code 1 if memory, connections, queue or tables grow. Needs Linux.')
  .option('--minutes <number>', 'duration', wholeNumber(LEAST_MINUTES), 60)
  .option('--accounts <number>', 'number of accounts; each is read every five seconds', wholeNumber(2), 8)
  .option('--cases <number>', 'cases of each account at the start', wholeNumber(1), 300)
  .option('--json <file>', 'append each sample to this file, as a line of JSON')
  .addOption(
    new Option('--plant <leak>', 'put a leak into the worker, which must be found').choices([
      'memory',
      'connections',
      'queue',
    ]),
  )
  .showHelpAfterError()
  .parse()
  .opts<Options>();

// Processes and folders are removed on Ctrl-C too.
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());

const fleet = await createFleet({
  accounts,
  cases,
  schedule: '*/5 * * * * *',
  webhookSecret: SECRET,
  sandbox: { hoursPerSecond: HOURS_PER_SECOND, tokenSeconds: TOKEN_SECONDS },
  environment: workerEnvironment(),
});
try {
  const samples = await soak(fleet);
  const findings = judge(samples);
  const growing = findings.filter(({ isGrowing }) => isGrowing).map(({ figure }) => figure);
  const every = Math.ceil(samples.length / PRINTED_SAMPLES);
  const verdict = growing.length === 0 ? 'Nothing grows without reason.' : `Growing: ${growing.join(', ')}.`;
  const printed = samples.filter((_, index) => (samples.length - 1 - index) % every === 0);
  const parts = [
    textTable(printed.map(sampleRow)),
    textTable(findings.map(findingRow)),
    await endsText(fleet),
    verdict,
  ];
  process.stdout.write(`${parts.join('\n')}\n`);
  if (growing.length > 0) process.exitCode = 1;
} finally {
  await fleet.close();
}

/** Samples of the whole soak, which begins after the first load. */
async function soak(stage: Fleet): Promise<Sample[]> {
  stage.start(PORT);
  const url = `http://127.0.0.1:${PORT}`;
  const pid = stage.replicas[0]?.pid;
  if (pid === undefined || (await settled(stage, FIRST_LOAD_SECONDS)) > 0) throw new Error('the worker does not work');
  await subscribe(stage, url, SECRET);
  process.stderr.write(`The worker's process is ${pid}.\n`);
  const samples: Sample[] = [];
  const start = performance.now();
  const every = Math.round((minutes * 60) / SAMPLES);
  for (let second = 0; second < WARM_UP_SECONDS + minutes * 60; second += 1) {
    await delay(Math.max(1, start + second * 1000 - performance.now()), undefined, { signal: stopping.signal });
    disturb(stage, second);
    const sampled = second - WARM_UP_SECONDS;
    if (sampled < 0 || sampled % every !== 0) continue;
    const sample = await takeSample({ pid, url, database: stage.database }, sampled);
    samples.push(sample);
    if (json !== undefined) await appendFile(json, `${JSON.stringify(sample)}\n`);
  }
  return samples;
}

/** The worker gets our NODE_OPTIONS too, for example to write snapshots of its heap. */
function workerEnvironment(): Record<string, string> {
  const { NODE_OPTIONS = '' } = process.env;
  if (plant === undefined) return { NODE_OPTIONS };
  const preload = new URL('soak/planted-leak.ts', import.meta.url);
  return { NODE_OPTIONS: `${NODE_OPTIONS} --import ${preload.href}`, PLANTED_LEAK: plant };
}

function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
    throw new InvalidArgumentError(`Must be a whole number, at least ${least}.`);
  };
}
