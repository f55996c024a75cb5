// A process that cleans up after another one. Its standard input is a pipe from the process that it watches; the kernel
// closes the pipe when that process ends, however it ends. A process that has cleaned up itself writes `done` first.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const CONTAINER_LABEL = 'cdd-sync-tests';

/** Stop the server of a directory; the same, and remove the directory; or remove the containers with a label. */
type Task = 'server' | 'directory' | 'containers';

const TASKS: Record<Task, (target: string) => Promise<void>> = {
  server: stopServer,
  directory: async (home) => {
    await stopServer(home);
    await rm(home, { recursive: true, force: true });
  },
  containers: removeContainers,
};

export type Cleanup = { cancel: () => Promise<void> };

/** Starts a process that does the task when this process ends without having called `cancel`. */
export function cleanUpAfterThisProcess(task: Task, target: string): Cleanup {
  // Detached, so that a terminal's Ctrl-C does not reach it.
  const child = spawn(process.execPath, [import.meta.filename, task, target], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    windowsHide: true,
  });
  // No-op: the pipe breaks if the child ends too early, and `cancel` looks at the child's exit.
  child.stdin?.on('error', () => {});
  letEnd(child);
  return {
    async cancel() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.ref();
      child.stdin?.end('done');
      await exit;
    },
  };
}

/** The label that the containers of a task must have. */
export const containerLabel = (value: string) => ({ [CONTAINER_LABEL]: value });

/** Keeps the child from keeping this process alive. */
function letEnd(child: ChildProcess): void {
  child.unref();
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
}

/**
 * Stops a server without other users: joins it and leaves, and the last one to leave stops it. Waits if it is starting.
 */
async function stopServer(home: string): Promise<void> {
  if ((await stat(join(home, 'postgres')).catch(() => null)) === null) return;
  // Imported only now: most of these processes end without having anything to do.
  const { startEmbedded } = await import('../../src/embedded-postgres/server.ts');
  await (await startEmbedded({ home, database: 'postgres' })).stop();
}

/** Tries for a while, because the engine may still be starting the container that a killed process ordered. */
async function removeContainers(label: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const found = await dockerode.listContainers({ all: true, filters: { label: [`${CONTAINER_LABEL}=${label}`] } });
    for (const { Id } of found) await dockerode.getContainer(Id).remove({ force: true, v: true });
    if (found.length > 0) return;
    await sleep(1000);
  }
}

if (import.meta.main) {
  const [task, target = ''] = process.argv.slice(2);
  const isTask = (name: string | undefined): name is Task => name !== undefined && name in TASKS;
  if (!isTask(task)) throw new Error(`no such task: ${task}`);
  if ((await text(process.stdin)) !== 'done') await TASKS[task](target);
}
