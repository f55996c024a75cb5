import { readdir, readFile } from 'node:fs/promises';

/** Unit of /proc/PID/stat on Linux, independent of the kernel's clock rate. */
const TICK_MS = 10;

/**
 * CPU time of a Postgres server since its start, ended processes included. Other load on the machine changes it
 * little. Null without /proc.
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
  // Fields after the program's name, which may contain spaces and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) * TICK_MS;
  return { parent: fields[1] ?? '', own: ticks(11), ended: ticks(13) };
}
