import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in these, whatever the kernel's own clock does. */
const TICK_MS = 10;

/**
 * The CPU time that a Postgres server has used since its start, its processes that have ended included: what is left of
 * a measurement when the machine is busy with something else. Null where there is no /proc.
 */
export async function cpuMsOf(postmasterPidFile: string): Promise<number | null> {
  const [pid = ''] = (await readFile(postmasterPidFile, 'utf8')).split('\n');
  const server = await statOf(pid);
  if (server === null) return null;
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(statOf));
  const living = all.filter((one) => one?.parent === pid);
  return living.reduce((sum, one) => sum + (one?.own ?? 0), server.own + server.ended);
}

async function statOf(pid: string): Promise<{ parent: string; own: number; ended: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // What follows the program's name, which may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) * TICK_MS;
  return { parent: fields[1] ?? '', own: ticks(11), ended: ticks(13) };
}
