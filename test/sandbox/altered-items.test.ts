import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { getList, itemsIn, parsed } from '../support/sandbox-client.ts';

const account = 'P12345678';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ casesPerAccount: 10 });
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const onList = (fault: Fault, times = 1) => sandbox.faults.add({ endpoint: 'list', fault, times });
const list = () => getList(sandbox, account);
const text = () => JSON.stringify(sandbox.world.documents(account));
const listed = async () => itemsIn(await list());

describe('a fault in the items', () => {
  const altered = async (change: Extract<Fault, { kind: 'items' }>['change'], count?: number | 'all') => {
    onList({ kind: 'items', change, count });
    return listed();
  };
  const truth = () => sandbox.world.documents(account);

  it('hits the first item, as many as it is told, or all', async () => {
    expect((await altered('vanished')).length).toBe(9);
    expect(await altered('vanished', 4)).toEqual(truth().slice(4));
    expect(await altered('vanished', 'all')).toEqual([]);
    expect(await listed()).toEqual(truth());
  });

  it('leaves out an id, or makes a text of an array', async () => {
    const { id: _, ...withoutId } = truth()[0] ?? {};
    expect(await altered('missingId')).toEqual([withoutId, ...truth().slice(1)]);
    expect(await altered('wrongType')).toEqual([{ ...truth()[0], products: 'payout' }, ...truth().slice(1)]);
  });

  it('gives one event id, or one case, two contents', async () => {
    const [item] = await altered('conflictingEvent');
    const events = eventsOf(item ?? {});
    const twin = events.at(-1) ?? {};
    const same = events.filter(({ id }) => id === twin.id);
    expect(same.length).toBe(2);
    expect(same[0]).not.toEqual(same[1]);
    const [first, second] = await altered('conflictingCase');
    expect(first).toEqual(truth()[0]);
    expect(second?.id).toBe(first?.id);
    expect(second).not.toEqual(first);
  });

  it('adds a status that nobody knows', async () => {
    expect((await altered('unknownStatus', 2)).map(statusOf)).toEqual([
      'NEVER_HEARD_OF',
      'NEVER_HEARD_OF',
      ...truth().slice(2).map(statusOf),
    ]);
  });

  it('reorders keys and changes nothing else', async () => {
    onList({ kind: 'items', change: 'reorderedKeys', count: 'all' });
    const answer = await list();
    expect(parsed(answer)).toEqual(truth());
    expect(answer.body.toString()).not.toBe(text());
  });

  it('has an etag of its own, so that the true list is not taken for known', async () => {
    onList({ kind: 'items', change: 'vanished' });
    const { etag = '' } = (await list()).headers;
    expect((await getList(sandbox, account, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('is not hidden by an etag that the client knows, while a delay leaves the 304 as it is', async () => {
    const { etag = '' } = (await list()).headers;
    const known = () => getList(sandbox, account, { headers: { 'if-none-match': etag } });
    onList({ kind: 'cutOff' });
    onList({ kind: 'noEtag' });
    onList({ kind: 'delay', seconds: 0 });
    expect((await known()).isComplete).toBe(false);
    const withoutEtag = await known();
    expect(withoutEtag).toMatchObject({ status: 200 });
    expect(withoutEtag.headers.etag).toBeUndefined();
    expect((await known()).status).toBe(304);
  });
});
