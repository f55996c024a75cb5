import { describe, expect, test } from 'vitest';
import { parseItem } from '../../src/dintero/cases/parse.ts';
import { ListSplitter } from '../../src/json-list/splitter.ts';
import type { Element } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { endsAsItem, endsInField, jsonValue, suiteFiles } from '../support/json-suite.ts';
import { copyElement } from '../support/list-server.ts';

const ID = '00000000-0000-4000-8000-00000000000';
const FIRST = `{"id":"${ID}1","events":[]}`;
const LAST = `{"id":"${ID}9","events":[]}`;

/** The elements that the splitter gives, and the error's code after them. */
function split(input: Buffer, chunkBytes: number): { elements: Element[]; code: string | null } {
  const splitter = new ListSplitter({ salt: '', maxItemBytes: 1024 * 1024 });
  const elements: Element[] = [];
  try {
    for (let at = 0; at < input.length; at += chunkBytes) {
      for (const element of splitter.split(input.subarray(at, at + chunkBytes))) elements.push(copyElement(element));
    }
    splitter.end();
    return { elements, code: null };
  } catch (error) {
    if (error instanceof SyncError) return { elements, code: error.code };
    throw error;
  }
}

function isJson(element: Element): boolean {
  const parsed = parseItem(element);
  return parsed.kind === 'case' || !parsed.rejection.reason.startsWith('not JSON');
}

const joined = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

const CHUNKS = [1, 3, 1024 * 1024];

/** A list with a case, the text, and another case. */
const PLACES = [
  { place: 'as an item', ends: endsAsItem, listOf: (text: Buffer) => joined('[', FIRST, ',', text, ',', LAST, ']') },
  {
    place: 'in a field of an item',
    ends: endsInField,
    listOf: (text: Buffer) => joined('[', FIRST, `,{"id":"${ID}5","events":[],"more":`, text, '},', LAST, ']'),
  },
  {
    place: 'in an event',
    ends: endsInField,
    listOf: (text: Buffer) => joined('[', FIRST, `,{"id":"${ID}5","events":[{"id":1,"case":`, text, '}]},', LAST, ']'),
  },
] as const;

describe('each file of JSONTestSuite, in chunks of any size,', () => {
  test('is taken as a list exactly if it is a JSON array', () => {
    for (const { name, bytes } of suiteFiles) {
      const whole = jsonValue(bytes);
      for (const chunkBytes of CHUNKS) {
        const { elements, code } = split(bytes, chunkBytes);
        const isTaken = code === null && elements.every(isJson);
        expect(isTaken, name).toBe(Array.isArray(whole?.value));
        if (!isTaken) continue;
        const values = elements.map((element) => jsonValue(element.bytes ?? Buffer.of())?.value);
        expect(values, name).toEqual(whole?.value);
      }
    }
  });

  test.each(PLACES)('leaves the items around it whole, or the answer fails: $place', ({ ends, listOf }) => {
    for (const { name, bytes } of suiteFiles) {
      for (const chunkBytes of CHUNKS) {
        const { elements, code } = split(listOf(bytes), chunkBytes);
        const texts = elements.map((element) => String(element.bytes));
        expect(texts[0], name).toBe(FIRST);
        if (ends(bytes)) {
          expect({ code, count: texts.length, last: texts[2] }, name).toEqual({ code: null, count: 3, last: LAST });
          expect(elements.map(isJson), name).toEqual([true, jsonValue(bytes) !== null, true]);
        } else {
          expect(code, name).toMatch(/^(?:NOT_JSON|TRUNCATED)$/);
        }
      }
    }
  });
});

test('JSONTestSuite is whole, and JSON.parse agrees with it', () => {
  const kinds = Map.groupBy(suiteFiles, ({ name, bytes }) => `${name.slice(0, 2)} ${jsonValue(bytes) !== null}`);
  expect(kinds.get('y_ true')).toHaveLength(95);
  expect(kinds.get('n_ false')).toHaveLength(188);
  expect([kinds.get('y_ false'), kinds.get('n_ true')]).toEqual([undefined, undefined]);
});
