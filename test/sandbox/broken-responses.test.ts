import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { useFaultyList } from '../support/faulty-list.ts';
import { getList, listUrl, parsed, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';
const { sandbox, addFault, list, text } = useFaultyList(account);

describe('a fault in the middle of the response', () => {
  it.each([0, 1, 1000])('cuts the connection after exactly %i bytes', async (afterBytes) => {
    addFault({ kind: 'cutOff', afterBytes });
    const answer = await list();
    expect(answer).toMatchObject({ status: 200, isComplete: false });
    expect(answer.body).toEqual(Buffer.from(text()).subarray(0, afterBytes));
  });

  it('cuts the connection in the middle of an item, also for a client that accepts gzip', async () => {
    addFault({ kind: 'cutOff', afterItems: 3 });
    const { body, isComplete } = await getList(sandbox(), account, { headers: { 'accept-encoding': 'gzip' } });
    const [first, second, third, fourth] = sandbox().world.documents(account);
    const three = JSON.stringify([first, second, third]).slice(0, -1);
    expect(isComplete).toBe(false);
    expect(body.toString().startsWith(`${three},{`)).toBe(true);
    expect(body.length).toBeGreaterThan(Buffer.byteLength(three) + 100);
    expect(body.length).toBeLessThan(Buffer.byteLength(three) + Buffer.byteLength(JSON.stringify(fourth)));
  });

  it('can cut the connection after the last byte', async () => {
    addFault({ kind: 'cutOff', afterBytes: 1e9 });
    const answer = await list();
    expect(answer.body.toString()).toBe(text());
    expect(answer.isComplete).toBe(false);
  });

  it.each([{ afterBytes: 5000 }, { afterItems: 2 }, {}])(
    'ends the list early without an HTTP error: %j',
    async (point) => {
      addFault({ kind: 'truncated', ...point });
      const answer = await list();
      expect(answer).toMatchObject({ status: 200, isComplete: true });
      expect(answer.body).toEqual(Buffer.from(text()).subarray(0, answer.body.length));
      expect(answer.body.length).toBeGreaterThan(100);
      expect(() => parsed(answer)).toThrow(SyntaxError);
    },
  );

  it('ends an empty list, or one with a single item, before the closing bracket', async () => {
    await using small = await startSandbox({ casesPerAccount: 0 });
    small.faults.add({ endpoint: 'list', fault: { kind: 'truncated' }, times: 2 });
    expect((await getList(small, account)).body.toString()).toBe('[');
    small.world.appendItem(account, '{}');
    small.faults.clear();
    small.faults.add({ endpoint: 'list', fault: { kind: 'truncated', afterItems: 1 } });
    expect((await getList(small, account)).body.toString()).toBe('[{}');
  });

  it('inserts a syntax error into an otherwise complete list', async () => {
    addFault({ kind: 'brokenJson' });
    const answer = await list();
    expect(answer.isComplete).toBe(true);
    expect(() => parsed(answer)).toThrow(SyntaxError);
    expect(answer.body.toString().replace(',{"id":,}', '')).toBe(text());
  });

  it('stalls until the faults are cleared, and then resumes', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox(), account)}` };
    addFault({ kind: 'stall', afterItems: 1 });
    const response = await fetch(listUrl(sandbox(), account), { headers });
    const reader = response.body?.getReader();
    let received = '';
    const read = async () => {
      const part = await reader?.read();
      received += Buffer.from(part?.value ?? []).toString();
      return part?.done ?? true;
    };
    await read();
    while (received.length <= JSON.stringify(sandbox().world.documents(account)[0]).length) await read();
    let isResumed = false;
    const next = read().finally(() => {
      isResumed = true;
    });
    // A second request gives the stalled response time to resume by mistake.
    expect((await list()).body.toString()).toBe(text());
    expect(isResumed).toBe(false);
    sandbox().faults.clear();
    if (!(await next)) while (!(await read()));
    expect(received).toBe(text());
  });

  it('does not keep the sandbox from closing when it stalls', async () => {
    const closing = await startSandbox({ casesPerAccount: 3 });
    const headers = { authorization: `Bearer ${await tokenFor(closing, account)}` };
    closing.faults.add({ endpoint: 'list', fault: { kind: 'stall', afterBytes: 10 } });
    const response = await fetch(listUrl(closing, account), { headers });
    await closing.close();
    await expect(response.text()).rejects.toThrow();
  });

  it('can delay the correct response', async () => {
    addFault({ kind: 'delay', seconds: 0.05 });
    const started = performance.now();
    const answer = await list();
    expect(performance.now() - started).toBeGreaterThan(45);
    expect(answer.body.toString()).toBe(text());
  });
});
