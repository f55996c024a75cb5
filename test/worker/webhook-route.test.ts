import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { send, tokenFor } from '../support/sandbox-client.ts';
import { ACCOUNT, DELIVERY, SECRET, sign, startTestServer, WITHOUT_SECRET } from '../support/worker-server.ts';

const body = JSON.stringify({ account_id: ACCOUNT, event: 'cdd_case_update', case: { name: 'Kari Nordmann' } });
const sha256 = (text: string) => hash('sha256', text);
const never = () => new Promise<never>(() => {});

describe('a genuine delivery', () => {
  it('requests one run of its account, with the id of the delivery', async () => {
    await using server = await startTestServer();
    expect(await server.deliver(body)).toMatchObject({ status: 202, body: '{"status":"accepted"}' });
    expect(server.requestedRuns).toEqual([[ACCOUNT, DELIVERY]]);
  });

  it('requests a run for every event about cases; other events are answered 200 without a run', async () => {
    await using server = await startTestServer();
    const statuses = [];
    for (const event of [
      'cdd_case_update',
      'approval_payout_destination_update',
      'approval_payout_destination_delete',
      'account_payout_destination_add',
      'account_payout_destination_update',
      'account_payout_destination_delete',
      'ping',
      'checkout_transaction',
      undefined,
    ]) {
      statuses.push((await server.deliver(body, { event })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 200, 200, 200]);
    expect(server.requestedRuns).toHaveLength(6);
  });

  it('may have a body of any bytes and any content type, or none', async () => {
    await using server = await startTestServer();
    const bytes = Buffer.from([0, 255, 0xc3, 0x28, 10, 13]);
    for (const content of [bytes, '{"broken":', '{"__proto__":1}', '']) {
      for (const type of [
        'application/json',
        'text/plain; charset=latin1',
        'application/x-www-form-urlencoded',
        undefined,
      ]) {
        expect((await server.deliver(content, { 'content-type': type })).status).toBe(202);
      }
    }
  });

  it('without a usable id gets a uuid derived from the body', async () => {
    await using server = await startTestServer();
    for (const id of [undefined, 'first', DELIVERY.slice(1), `${DELIVERY}, ${DELIVERY}`]) {
      expect((await server.deliver(body, { 'event-delivery': id })).status).toBe(202);
    }
    await server.deliver(`${body} `, { 'event-delivery': undefined });
    const ids = server.requestedRuns.map(([, id]) => id);
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(ids[4]).not.toBe(ids[0]);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is answered 503, so that Dintero repeats it, when requesting the run rejects, throws or hangs', async () => {
    const failing = {
      rejects: () => Promise.reject(new Error('the queue is down')),
      throws: () => {
        throw new Error('the queue is down');
      },
      hangs: never,
    };
    for (const requestRun of Object.values(failing)) {
      await using server = await startTestServer({ webhook: { secretFor: () => SECRET, requestRun }, timeoutMs: 20 });
      expect(await server.deliver(body)).toMatchObject({ status: 503, body: '{"error":"Service Unavailable"}' });
      expect(server.log()).toContain('could not be queued');
    }
  });

  it('hands over a hash of its body, which the headers do not change', async () => {
    const hashes: string[] = [];
    const requestRun = async (_account: string, _id: string, bodyHash: Buffer) =>
      void hashes.push(bodyHash.toString('hex'));
    await using server = await startTestServer({ webhook: { secretFor: () => SECRET, requestRun } });
    for (const id of [DELIVERY, DELIVERY.replace('3', '4')]) await server.deliver(body, { 'event-delivery': id });
    await server.deliver(`${body} `);
    expect(hashes).toEqual([sha256(body), sha256(body), sha256(`${body} `)]);
  });

  it('is logged when it can no longer be queued and when it can again, once each', async () => {
    let isAway = true;
    const requestRun = async () => {
      if (isAway) throw new Error('the queue is down');
    };
    await using server = await startTestServer({ webhook: { secretFor: () => SECRET, requestRun } });
    for (let count = 0; count < 20; count += 1) await server.deliver(body);
    isAway = false;
    for (let count = 0; count < 20; count += 1) await server.deliver(body);
    expect(server.messages()).toEqual([
      'a webhook could not be queued; answered 503 so that Dintero sends it again',
      'webhooks are queued again',
    ]);
  });

  it('leaves none of its content in the log, accepted or not', async () => {
    const requestRun = () => Promise.reject(new Error('down'));
    await using server = await startTestServer({ webhook: { secretFor: () => SECRET, requestRun } });
    await server.deliver(body);
    await server.deliver(body, { 'event-signature': 'f'.repeat(40) });
    expect(server.log()).not.toMatch(/Kari|Nordmann|f{40}/);
    expect(server.log()).not.toContain(SECRET);
    expect(server.log()).not.toContain(sign(body));
  });
});

describe('a forged delivery', () => {
  it('gets the same refusal whatever is wrong with it, and requests no run', async () => {
    await using server = await startTestServer();
    const withoutSecret = { account: WITHOUT_SECRET };
    const refused: [name: string, content: string, changes: Parameters<typeof server.deliver>[1]][] = [
      ['unsigned', body, { 'event-signature': undefined }],
      ['an empty signature', body, { 'event-signature': '' }],
      ['another secret', body, { 'event-signature': sign(body, 'guess') }],
      ['signed with nothing', body, { 'event-signature': sign(body, '') }],
      ['a truncated signature', body, { 'event-signature': sign(body).slice(0, -1) }],
      ['a signature and more', body, { 'event-signature': `${sign(body)}00` }],
      ['a signature with its algorithm', body, { 'event-signature': `sha1=${sign(body)}` }],
      ['a signature twice', body, { 'event-signature': [sign(body), sign(body)] }],
      ['no hex', body, { 'event-signature': 'g'.repeat(40) }],
      ['a truncated body', body.slice(0, -1), { 'event-signature': sign(body) }],
      ['another body', body.replace('Kari', 'Ola'), { 'event-signature': sign(body) }],
      ['a ping', body, { 'event-signature': sign(body, 'guess'), event: 'ping' }],
      ['an unknown account', body, { account: 'P99999999' }],
      ['no secret', body, withoutSecret],
      ['no secret, unsigned', body, { ...withoutSecret, 'event-signature': undefined }],
      ['no secret, signed with nothing', body, { ...withoutSecret, 'event-signature': sign(body, '') }],
      ['no account but a property of objects', body, { account: '__proto__' }],
    ];
    const same = { status: 401, type: 'application/json; charset=utf-8', body: '{"error":"Unauthorized"}' };
    for (const [name, content, changes] of refused) expect(await server.deliver(content, changes), name).toEqual(same);
    expect(server.requestedRuns).toEqual([]);
  });

  it('is logged when the first comes, and when a genuine one comes again, and no more for an hour', async () => {
    let now = 0;
    await using server = await startTestServer({ now: () => now });
    const forged = { 'event-signature': 'f'.repeat(40) };
    const deliverAll = async () => {
      for (let count = 0; count < 20; count += 1) {
        await server.deliver(body, forged);
        await server.deliver(body, { ...forged, account: `P9999999${count % 10}` });
        await server.deliver(body);
      }
    };
    await deliverAll();
    const lines = [
      expect.stringMatching(/^P12345678: refused a webhook whose signature is missing or wrong; .*webhookSecret/),
      'refused a webhook for an account that is not configured, or has no webhookSecret',
      'P12345678: webhooks are accepted',
    ];
    expect(server.messages()).toEqual(lines);
    now = 3_600_000;
    await deliverAll();
    expect(server.messages()).toEqual([...lines, ...lines]);
  });

  it('is refused when the configured secret is empty', async () => {
    const runs: string[] = [];
    const webhook = { secretFor: () => '', requestRun: async (id: string) => void runs.push(id) };
    await using server = await startTestServer({ webhook });
    expect((await server.deliver(body, { 'event-signature': sign(body, '') })).status).toBe(401);
    expect(runs).toEqual([]);
  });
});

describe('the size of a delivery', () => {
  it('may be a megabyte; a larger body is refused with 413, with or without a content length', async () => {
    await using server = await startTestServer();
    const largest = Buffer.alloc(1024 * 1024, 'x');
    expect((await server.deliver(largest)).status).toBe(202);
    const larger = Buffer.concat([largest, Buffer.from('x')]);
    const refusal = { status: 413, body: '{"error":"Payload Too Large"}' };
    expect(await server.deliver(larger)).toMatchObject(refusal);
    expect(await server.deliver(larger, { 'transfer-encoding': 'chunked' })).toMatchObject(refusal);
    expect(server.requestedRuns).toHaveLength(1);
  });
});

describe('a subscription at the sandbox', () => {
  it('delivers webhooks that are accepted with its own secret only', async () => {
    await using server = await startTestServer();
    await using sandbox = await startSandbox({ casesPerAccount: 2 });
    const subscribe = async (secret: string) =>
      send(`${sandbox.url}/accounts/${ACCOUNT}/hooks/subscriptions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await tokenFor(sandbox, ACCOUNT)}` },
        body: { config: { url: `${server.url}/hooks/dintero/${ACCOUNT}`, secret }, events: ['cdd_case_update'] },
      });
    await subscribe(SECRET);
    await subscribe('another secret');
    expect(await sandbox.deliver(ACCOUNT)).toEqual([202, 401]);
    expect(server.requestedRuns).toEqual([[ACCOUNT, expect.stringMatching(/^[0-9a-f-]{36}$/)]]);
  });
});
