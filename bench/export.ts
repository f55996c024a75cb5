// Exports more than 1,000,000 transitions in each format: time, size, and the most memory that the process took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbedded } from '../src/embedded-postgres/server.ts';
import { migrate } from '../src/store/migrate/migrate.ts';
import { fillDatabase } from './reporting/fill.ts';

const CASES = 210_000;
const MOST_MEGABYTES = 200;
const program = join(import.meta.dirname, '../src/cdd-sync.js');

const { values } = parseArgs({ options: { url: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-bench-export-'));
// Runs in the measured process, at its end.
const report = `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)))`;

async function measure(url: string, format: string) {
  const path = join(folder, `transitions.${format}`);
  const peakFile = join(folder, 'peak');
  const env = {
    ...process.env,
    DATABASE_URL: url,
    PEAK_FILE: peakFile,
    NODE_OPTIONS: `--require ${join(folder, 'report.cjs')}`,
  };
  const begun = performance.now();
  const child = spawn(process.execPath, [program, 'export', 'status_transitions', '-o', path], {
    env,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the export ended with exit code ${code}`);
  return {
    format,
    seconds: Number(((performance.now() - begun) / 1000).toFixed(1)),
    megabytes: Math.round((await stat(path)).size / 1e6),
    'peak RSS, MB': Math.round(Number(await readFile(peakFile, 'utf8')) / 1024),
  };
}

/** An embedded Postgres with enough transitions. */
async function filledServer() {
  const server = await startEmbedded({ home: join(folder, 'postgres'), settings: { fsync: 'off' } });
  await migrate(server.url);
  const client = new pg.Client(server.url);
  await client.connect();
  await fillDatabase(client, CASES);
  await client.end();
  return server;
}

const server = values.url === undefined ? await filledServer() : null;
try {
  await writeFile(join(folder, 'report.cjs'), report);
  const url = values.url ?? server?.url ?? '';
  const rows = [];
  for (const format of ['csv', 'ndjson', 'parquet']) rows.push(await measure(url, format));
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  if (rows.some((row) => row['peak RSS, MB'] > MOST_MEGABYTES)) process.exitCode = 1;
} finally {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
