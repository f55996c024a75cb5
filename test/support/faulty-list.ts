import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { getList } from './sandbox-client.ts';

/** Starts one sandbox for all tests of a file, and clears its faults after each. For the list of one account. */
export function useFaultyList(account: string) {
  let started: Sandbox | null = null;
  beforeAll(async () => {
    started = await startSandbox({ casesPerAccount: 10 });
  });
  afterEach(() => started?.faults.clear());
  afterAll(() => started?.close());

  const sandbox = (): Sandbox => {
    if (started === null) throw new Error('the sandbox starts before the first test');
    return started;
  };
  return {
    sandbox,
    addFault: (fault: Fault, times = 1) => sandbox().faults.add({ endpoint: 'list', fault, times }),
    list: () => getList(sandbox(), account),
    /** The list without faults, as JSON text. */
    text: () => JSON.stringify(sandbox().world.documents(account)),
  };
}
