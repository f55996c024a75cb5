// The worker, timed without its start. At every message it syncs each configured account once, like the command `sync`,
// and replies with the result.
import { on } from 'node:events';
import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import { openApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createLog } from '../../../src/log.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { sync } from '../../../src/sync/run.ts';

const config = await readConfig({ env: process.env, cwd: process.cwd() });
await using app = await openApp(config, createLog({ level: 'warn', terminal: false }));
const { database, parts } = app;
const { signal } = new AbortController();
await saveAccounts(database, config.accounts);
const orders = on(process, 'message', { close: ['disconnect'] });
process.send?.({ startMs: performance.now() });
for await (const _ of orders) process.send?.(await syncAll());

async function syncAll() {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const rows = await pLimit(config.concurrency).map(config.accounts, (account) =>
    sync({ account, trigger: 'manual', acceptMissing: false, signal }, parts),
  );
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const sum = (of: 'cases_created' | 'cases_updated' | 'cases_unchanged' | 'requests') =>
    rows.reduce((total, row) => total + (row?.[of] ?? 0), 0);
  const failed = rows.find((row) => row?.state !== 'succeeded');
  if (failed !== undefined) throw new Error(failed?.error_message ?? 'another run held the account');
  return {
    ms,
    cpuMs: (user + system) / 1000,
    created: sum('cases_created'),
    updated: sum('cases_updated'),
    unchanged: sum('cases_unchanged'),
    requests: sum('requests'),
    peakBytes: await peakMemory(),
  };
}

/** Peak memory from the operating system. `resourceUsage` on Linux starts with the size of the parent process. */
async function peakMemory(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}
