import { describe, expect, test } from 'vitest';
import { visibleLine, visibleText } from '../../src/model/visible-text.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../support/hostile-text.ts';

describe('text for people', () => {
  test.each(Object.entries(HOSTILE_TEXTS))('shows %s as an escape sequence', (_name, text) => {
    const line = visibleLine(text);
    expect(isSafeToShow(line)).toBe(true);
    expect(line).not.toContain('\n');
    expect(line).toMatch(/\\u[0-9a-f]{4}/);
    expect(isSafeToShow(visibleText(text))).toBe(true);
  });

  test.each(['Bjørnø Ærlig AS', '有限公司', 'Ελλάδα', 'مقهى', '👍', 'a → b', 'back\\slash', ''])(
    'is not changed if all of it can be seen: %j',
    (text) => {
      expect(visibleLine(text)).toBe(text);
      expect(visibleText(text)).toBe(text);
    },
  );

  test('keeps its line feeds and tabs unless it must be one line', () => {
    expect(visibleText('a\n\tb')).toBe('a\n\tb');
    expect(visibleLine('a\n\tb')).toBe('a\\u000a\\u0009b');
  });

  test.each(Object.entries(HOSTILE_TEXTS))('stays equal as JSON with %s', (_name, text) => {
    const printed = visibleText(JSON.stringify({ [text]: text }));
    expect(isSafeToShow(printed)).toBe(true);
    expect(JSON.parse(printed)).toEqual({ [text]: text });
  });

  test('shows half a character as an escape sequence', () => {
    expect(visibleLine('\ud83d!')).toBe('\\ud83d!');
  });
});
