import { describe, expect, it } from 'vitest';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { useFaultyList } from '../support/faulty-list.ts';
import { getList, itemsIn, parsed } from '../support/sandbox-client.ts';

const account = 'P12345678';
const { sandbox, addFault, list, text } = useFaultyList(account);
const listed = async () => itemsIn(await list());

describe('an items fault', () => {
  const altered = async (change: Extract<Fault, { kind: 'items' }>['change'], count?: number | 'all') => {
    addFault({ kind: 'items', change, count });
    return listed();
  };
  const truth = () => sandbox().world.documents(account);

  it('changes the first item, the given number of items, or all', async () => {
    expect((await altered('vanished')).length).toBe(9);
    expect(await altered('vanished', 4)).toEqual(truth().slice(4));
    expect(await altered('vanished', 'all')).toEqual([]);
    expect(await listed()).toEqual(truth());
  });

  it('removes an id, or replaces an array by a string', async () => {
    const { id: _, ...withoutId } = truth()[0] ?? {};
    expect(await altered('missingId')).toEqual([withoutId, ...truth().slice(1)]);
    expect(await altered('wrongType')).toEqual([{ ...truth()[0], products: 'payout' }, ...truth().slice(1)]);
  });

  it('repeats an event id, or a case, with different content', async () => {
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

  it('adds an unknown status', async () => {
    expect((await altered('unknownStatus', 2)).map(statusOf)).toEqual([
      'NEVER_HEARD_OF',
      'NEVER_HEARD_OF',
      ...truth().slice(2).map(statusOf),
    ]);
  });

  it('reorders keys and changes nothing else', async () => {
    addFault({ kind: 'items', change: 'reorderedKeys', count: 'all' });
    const answer = await list();
    expect(parsed(answer)).toEqual(truth());
    expect(answer.body.toString()).not.toBe(text());
  });

  it('has its own etag, so that the next request gets the unchanged list and no 304', async () => {
    addFault({ kind: 'items', change: 'vanished' });
    const { etag = '' } = (await list()).headers;
    expect((await getList(sandbox(), account, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('takes effect even if the client has the current etag, while a delay still allows a 304', async () => {
    const { etag = '' } = (await list()).headers;
    const known = () => getList(sandbox(), account, { headers: { 'if-none-match': etag } });
    addFault({ kind: 'cutOff' });
    addFault({ kind: 'noEtag' });
    addFault({ kind: 'delay', seconds: 0 });
    expect((await known()).isComplete).toBe(false);
    const withoutEtag = await known();
    expect(withoutEtag).toMatchObject({ status: 200 });
    expect(withoutEtag.headers.etag).toBeUndefined();
    expect((await known()).status).toBe(304);
  });
});
