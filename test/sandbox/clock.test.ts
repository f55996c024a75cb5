import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';

const start = '2026-03-01T00:00:00.000Z';

describe("the sandbox's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });

  it('stands still by default', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 1, start });
    vi.advanceTimersByTime(60_000);
    expect(sandbox.world.now()).toBe(start);
  });

  it('runs at the given hours per second, and the cases change', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 1, start, hoursPerSecond: 2 });
    vi.advanceTimersByTime(24_000);
    expect(sandbox.world.now()).toBe('2026-03-03T00:00:00.000Z');
    expect(sandbox.world.caseIds('P12345678').length).toBe(9);
  });

  it('catches up with the present and then stays there', async () => {
    let present = Date.parse('2026-03-01T03:30:00Z');
    await using sandbox = await startSandbox({ casesPerAccount: 1, start, hoursPerSecond: 2, notAfter: () => present });
    vi.advanceTimersByTime(60_000);
    expect(sandbox.world.now()).toBe('2026-03-01T03:30:00.000Z');
    present += 1000;
    vi.advanceTimersByTime(1000);
    expect(sandbox.world.now()).toBe('2026-03-01T03:30:01.000Z');
  });

  it('is not set back after it was moved past the present', async () => {
    const present = Date.parse(start);
    await using sandbox = await startSandbox({ casesPerAccount: 1, start, hoursPerSecond: 2, notAfter: () => present });
    sandbox.world.advance({ hours: 5 });
    vi.advanceTimersByTime(10_000);
    expect(sandbox.world.now()).toBe('2026-03-01T05:00:00.000Z');
  });

  it('stops with the sandbox', async () => {
    const sandbox = await startSandbox({ casesPerAccount: 1, start, hoursPerSecond: 2 });
    await sandbox.close();
    vi.advanceTimersByTime(10_000);
    expect(sandbox.world.now()).toBe(start);
  });

  it('rejects a speed that is negative or NaN', async () => {
    await expect(startSandbox({ hoursPerSecond: -1 })).rejects.toThrow('-1 hours a second');
    await expect(startSandbox({ hoursPerSecond: Number.NaN })).rejects.toThrow('NaN hours a second');
  });
});
