import { describe, expect, it } from 'vitest';
import { useFaultyList } from '../support/faulty-list.ts';
import { getList, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';
const { sandbox, addFault, list, text } = useFaultyList(account);

describe('the sandbox', () => {
  it('sends the right answer with other headers, after 103, or byte by byte', async () => {
    addFault({ kind: 'headers', headers: { 'content-type': 'text/html' } });
    const relabelled = await list();
    expect(relabelled.headers['content-type']).toBe('text/html');
    expect(relabelled.body.toString()).toBe(text());
    addFault({ kind: 'earlyHints' });
    expect((await list()).body.toString()).toBe(text());
    sandbox().faults.add({ endpoint: 'token', fault: { kind: 'drip', seconds: 0, part: 'body' } });
    expect(await tokenFor(sandbox(), account)).toMatch(/^sbx_/);
  });

  it('sends raw bytes, or resets the connection', async () => {
    addFault({ kind: 'raw', bytes: 'HTTP/1.1 418 Odd\r\nContent-Length: 2\r\n\r\nno' });
    const answer = await list();
    expect([answer.status, answer.body.toString()]).toEqual([418, 'no']);
    addFault({ kind: 'reset' });
    await expect(list()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('repeats the Authorization header in an error if told so', async () => {
    addFault({ kind: 'status', status: 400, echo: true });
    expect((await list()).body.toString()).toContain('to Bearer sbx_');
  });

  it('issues a token without expires_in that works', async () => {
    sandbox().faults.add({ endpoint: 'token', fault: { kind: 'noExpiry' } });
    const token = await tokenFor(sandbox(), account);
    expect(token).toMatch(/^sbx_/);
    expect((await getList(sandbox(), account)).status).toBe(200);
  });
});
