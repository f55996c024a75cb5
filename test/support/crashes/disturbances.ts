// Ways to disturb a worker at a statement.
import type { Moment, Target, WorkerProxy } from './proxy.ts';
import type { Worker } from './victim.ts';

/** `postgres`: all processes of the server are killed, not the worker. */
export const DISTURBANCES = ['kill', 'stop', 'swallow', 'swallow both ways', 'postgres'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

const both = ['to the server', 'to the worker'] as const;

/** The directions in which the proxy stops forwarding. */
export function frozenDirections(disturbance: Disturbance, moment: Moment): Target['frozen'] {
  if (disturbance !== 'swallow') return both;
  return moment === 'before' ? ['to the server'] : ['to the worker'];
}

/** Whether the worker goes on after another one has done its work. */
export const survives = (disturbance: Disturbance): boolean => disturbance !== 'kill' && disturbance !== 'postgres';

/** Lets a worker go on. */
export function goOn(disturbance: Disturbance, worker: Worker, proxy: WorkerProxy): void {
  if (disturbance === 'stop') worker.kill('SIGCONT');
  proxy.resume();
}
