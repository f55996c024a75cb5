import { describe, expect, test } from 'vitest';
import { ContractLinks, LEFT_OUT } from '../../../src/ledger/evidence/contract-links.ts';
import { parseExact } from '../../../src/model/exact-json.ts';

const LINK = 'https://sign.example.com/c/1';
const links = new ContractLinks([LINK, `${LINK}23`, 'a', 'https://']);

describe('contract links', () => {
  test('go from texts, the longer one whole; what is no link stays', () => {
    expect(links.fromText(`see ${LINK}23 and ${LINK}, a https://dintero.com`)).toBe(
      `see ${LEFT_OUT} and ${LEFT_OUT}, a https://dintero.com`,
    );
  });

  test('go from JSON in any depth and under any form of the name; numbers keep their digits, and null stays null', () => {
    const text = `{"a":[{"contractUrl":{"x":1}},{"CONTRACT_URL":7},{"contract_url":null}],"__proto__":"${LINK}","n":1.10,"${LINK}":12345678901234567890}`;
    expect(JSON.stringify(links.fromJson(parseExact(text)))).toBe(
      `{"a":[{"contractUrl":"${LEFT_OUT}"},{"CONTRACT_URL":"${LEFT_OUT}"},{"contract_url":null}],"__proto__":"${LEFT_OUT}","n":1.10,"${LEFT_OUT}":12345678901234567890}`,
    );
  });

  test('leave JSON text as it is where there are none', () => {
    expect(links.fromJsonText('{"b": 1.0, "a": [ ]}')).toBe('{"b": 1.0, "a": [ ]}');
    expect(links.fromJsonText(`{"a": "${LINK}"}`)).toBe(`{"a":"${LEFT_OUT}"}`);
  });

  test.each([
    `{"contract_url": "sign\\"here", "id": 1`,
    `{"contractUrl":"cut off in the midd`,
    `[{"contract_url":sign.example.com/1}]`,
    `not JSON HTTPS:\\/\\/sign.example.com/1 "`,
    `"https://other.example.com/1"`,
  ])('go from a text that is no JSON, whether or not they are known: %s', (text) => {
    expect(links.fromUnreadText(text)).toContain(LEFT_OUT);
    expect(links.fromUnreadText(text)).not.toMatch(/here|midd|example/);
  });
});
