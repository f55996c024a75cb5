import { describe, expect, test } from 'vitest';
import { BoundaryPrediction } from '../../src/json-list/boundary-prediction.ts';

/** The list, and a prediction that has learned from its first two elements. */
function learned(list: string): { chunk: Buffer; prediction: BoundaryPrediction; second: number } {
  const chunk = Buffer.from(list);
  const prediction = new BoundaryPrediction();
  const end = list.indexOf('},') + 1;
  prediction.learn(chunk, end, end + 1);
  return { chunk, prediction, second: end + 1 };
}

const listOf = (key: string) => `[{"${key}":1},{"${key}":2},{"${key}":3}]`;

describe('the predicted end of an element', () => {
  test('is before the next separator with the same key, and there is none behind the last', () => {
    const { chunk, prediction, second } = learned(listOf('id'));
    const end = prediction.endOf(chunk, second);
    expect(chunk.subarray(second, end).toString()).toBe('{"id":2}');
    expect(prediction.endOf(chunk, end + 1)).toBe(-1);
    expect(prediction.endOf(Buffer.from('{"id":2},{"idx":3}'), 0)).toBe(-1);
  });

  test('needs two elements in one chunk, the second with a key', () => {
    const unlearned = new BoundaryPrediction();
    expect(unlearned.endOf(Buffer.from(listOf('id')), 1)).toBe(-1);
    unlearned.learn(Buffer.from('{"id":1},{"id":2}'), 0, 0);
    unlearned.learn(Buffer.from('1,2'), 1, 2);
    expect(unlearned.endOf(Buffer.from('1,2,{"id":3},{"id":4}'), 0)).toBe(-1);
  });

  test('follows the first separator that was learned', () => {
    const { chunk, prediction, second } = learned(listOf('id'));
    prediction.learn(Buffer.from('{"a":1},{"b":2}'), 7, 8);
    expect(prediction.endOf(chunk, second)).toBeGreaterThan(0);
  });

  test('needs a colon at most 64 bytes behind the start of an element', () => {
    const longest = learned(listOf('k'.repeat(61)));
    expect(longest.prediction.endOf(longest.chunk, longest.second)).toBeGreaterThan(0);
    const longer = learned(listOf('k'.repeat(62)));
    expect(longer.prediction.endOf(longer.chunk, longer.second)).toBe(-1);
  });

  test('is no longer given when seventeen more were wrong than right, until one is right', () => {
    const { chunk, prediction, second } = learned(listOf('id'));
    const count = (times: number, isRight: boolean) => {
      for (let time = 0; time < times; time += 1) prediction.count(isRight);
      return prediction.endOf(chunk, second) !== -1;
    };
    expect(count(3, true)).toBe(true);
    expect(count(16, false)).toBe(true);
    expect(count(1, false)).toBe(false);
    expect(count(1, true)).toBe(true);
    expect(count(1, false)).toBe(false);
  });
});
