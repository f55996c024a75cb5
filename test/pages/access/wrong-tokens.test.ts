import { describe, expect, it, vi } from 'vitest';
import { WrongTokens } from '../../../src/pages/access/wrong-tokens.ts';

describe('wrong tokens', () => {
  it('are answered after the delay, five of an address and ten at a time', async () => {
    const pauses: { ms: number; end: () => void }[] = [];
    const pause = (ms: number) => new Promise<void>((resolve) => pauses.push({ ms, end: resolve }));
    const wrong = new WrongTokens({ log: { warn: () => {} }, delayMs: 1_000, pause });
    const areTooMany = () => ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => wrong.areTooMany(address));
    const answers = Array.from({ length: 4 }, () => wrong.wait('10.0.0.1'));
    expect(areTooMany()).toEqual([false, false, false]);
    answers.push(wrong.wait('10.0.0.1'));
    expect(areTooMany()).toEqual([true, false, false]);
    answers.push(...Array.from({ length: 5 }, () => wrong.wait('10.0.0.2')));
    expect(areTooMany()).toEqual([true, true, true]);
    expect(pauses.map(({ ms }) => ms)).toEqual(Array(10).fill(1_000));
    pauses[0]?.end();
    await answers[0];
    expect(areTooMany()).toEqual([false, true, false]);
  });

  it('are one line in the log for each burst', async () => {
    const warn = vi.fn();
    let time = 0;
    const wrong = new WrongTokens({ log: { warn }, delayMs: 0, now: () => time });
    for (let sent = 0; sent < 100; sent += 1) {
      time += 59_000;
      await wrong.wait('10.0.0.1');
    }
    expect(warn).toHaveBeenCalledTimes(1);
    time += 61_000;
    await wrong.wait('10.0.0.1');
    expect(warn).toHaveBeenCalledTimes(2);
  });
});
