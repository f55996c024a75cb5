import { describe, expect, test } from 'vitest';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');

describe('a request that is refused with its etag', () => {
  test.each([400, 412, 413, 414, 431])('is repeated at once without it, after %i', async (status) => {
    const etags: unknown[] = [];
    await using server = await serve((request, response) => {
      etags.push(request.headers['if-none-match']);
      if (request.headers['if-none-match']) response.writeHead(status).end('{"error":{"message":"no"}}');
      else response.setHeader('etag', '"new"').end('[{"a":1}]');
    });
    using client = clientOf(server.url);
    const { end, error, answers, traffic } = await readListing(client, ACME, { etag: '"old"' });
    expect(error).toBeNull();
    expect(end).toEqual({ notModified: false, etag: '"new"', refusedEtag: '"old"' });
    expect(answers.at(-1)).toHaveLength(1);
    expect(etags).toEqual(['"old"', undefined]);
    // Of the three requests one was for the token.
    expect(traffic).toMatchObject({ requests: 3, retries: 0 });
  });

  test.each([
    [401, 'AUTH'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
  ])('is not repeated without it after %i, which is about rights or the address', async (status, code) => {
    await using server = await serve((_request, response) => response.writeHead(status).end());
    using client = clientOf(server.url);
    expect((await readListing(client, ACME, { etag: '"old"' })).error).toMatchObject({ code });
    expect(
      server.requests.filter(({ url }) => url?.endsWith('/cases')).map(({ headers }) => headers['if-none-match']),
    ).not.toContain(undefined);
  });

  test('has the outcome of the repeated request, also if that fails', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(request.headers['if-none-match'] ? 431 : 400).end('{"error":{"message":"wrong filter"}}');
    });
    using client = clientOf(server.url);
    const { error } = await readListing(client, ACME, { etag: '"old"' });
    expect(error).toMatchObject({ code: 'HTTP', message: expect.stringContaining('answered 400 ("wrong filter")') });
  });

  test('does not send it again when the repeated request is retried', async () => {
    const etags: unknown[] = [];
    await using server = await serve((request, response) => {
      etags.push(request.headers['if-none-match']);
      if (request.headers['if-none-match']) response.writeHead(431).end();
      else if (etags.length < 4) response.writeHead(503).end();
      else response.end('[]');
    });
    using client = clientOf(server.url);
    expect((await readListing(client, ACME, { etag: '"old"' })).end).toMatchObject({ refusedEtag: '"old"' });
    expect(etags).toEqual(['"old"', undefined, undefined, undefined]);
  });
});

test('an etag that cannot be sent back is neither sent nor passed on', async () => {
  await using server = await serve((_request, response) => {
    response.setHeader('etag', `"${'x'.repeat(9000)}"`).end('[]');
  });
  using client = clientOf(server.url);
  const { end } = await readListing(client, ACME, { etag: `"${'y'.repeat(9000)}"` });
  expect(end).toEqual({ notModified: false, etag: null });
  expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
});
