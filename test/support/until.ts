import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition holds; the limit of the test ends the waiting. Pauses between checks leave the
 * processor and the database to the work.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
