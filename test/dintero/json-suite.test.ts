import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { ALL_HOSTILE_TEXTS, isSafeToShow } from '../support/hostile-text.ts';
import { endsInField, jsonValue, suiteFiles } from '../support/json-suite.ts';
import { clientOf, neverAborted, readListing, serve } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const account = sandboxAccount('P12345678');
const partner = { id: 'P11200000', ...sandboxCredentials('P11200000') };

describe('each file of JSONTestSuite', () => {
  test('as the answer to a token request fails once, as no JSON or as no token', async () => {
    let answer: Uint8Array = Buffer.of();
    const end: RequestListener = (_request, response) => response.end(answer);
    await using server = await serve(end, end);
    using client = clientOf(server.url);
    for (const { name, bytes } of suiteFiles) {
      answer = bytes;
      const { error, thrown, traffic } = await readListing(client, account);
      expect({ thrown, requests: traffic.requests }, name).toEqual({ thrown: null, requests: 1 });
      expect(error?.code, name).toMatch(jsonValue(bytes) === null ? /^(?:NOT_JSON|HTTP)$/ : /^HTTP$/);
    }
  });

  test('as the body of an error, and in its message, leaves the code, and a message that is safe to show', async () => {
    let answer: Uint8Array = Buffer.of();
    await using server = await serve((_request, response) => response.writeHead(400).end(answer));
    using client = clientOf(server.url);
    for (const { name, bytes } of suiteFiles) {
      for (const body of [bytes, Buffer.concat([Buffer.from('{"error":{"message":'), bytes, Buffer.from('}}')])]) {
        answer = body;
        const { error } = await readListing(client, account);
        expect(error?.code, name).toBe('HTTP');
        expect(isSafeToShow(error?.message ?? ''), name).toBe(true);
      }
    }
  });

  test('as the name of a merchant harms no other merchant, or ends the list', async () => {
    let answer: Uint8Array = Buffer.of();
    await using server = await serve((_request, response) => response.end(answer));
    using client = clientOf(server.url);
    for (const { name, bytes } of suiteFiles) {
      answer = Buffer.concat([
        Buffer.from('[{"account_id":"P11200001","company":{"business_name":'),
        bytes,
        Buffer.from('}},{"account_id":"P11200002"}]'),
      ]);
      const listing = client.listMerchants(partner, neverAborted);
      if (!endsInField(bytes)) {
        await expect(listing, name).rejects.toMatchObject({ code: expect.stringMatching(/^(?:NOT_JSON|TRUNCATED)$/) });
        continue;
      }
      const { merchants, skipped } = await listing;
      expect(merchants.length + skipped, name).toBe(2);
      expect(merchants.at(-1), name).toMatchObject({ id: 'P11200002', name: null });
    }
  });
});

test('a hostile name of a merchant has no control characters, and can be stored', async () => {
  const names = [...ALL_HOSTILE_TEXTS, '\0', 'a\0b', '\ud83d', 'a\udc00b'];
  for (let from = 0; from < names.length; from += 99) {
    const part = names.slice(from, from + 99);
    const items = part.map((business_name, index) => ({
      account_id: `P${11_200_001 + index}`,
      company: { business_name },
    }));
    await using server = await serve((_request, response) => response.end(JSON.stringify(items)));
    using client = clientOf(server.url);
    const { merchants } = await client.listMerchants(partner, neverAborted);
    expect(merchants).toHaveLength(part.length);
    for (const { name } of merchants) {
      expect(name?.isWellFormed() ?? true).toBe(true);
      expect(name ?? '').not.toMatch(/\p{Cc}/u);
      expect(name?.length ?? 0).toBeLessThanOrEqual(200);
    }
  }
});
