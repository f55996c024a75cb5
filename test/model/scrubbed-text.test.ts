import { describe, expect, test } from 'vitest';
import { scrubText } from '../../src/model/scrubbed-text.ts';
import { personalTexts, templates, usefulTexts } from '../fixtures/error-texts.ts';

/** Words with a capital, a digit or another script, and quoted or named ones: a person could be found by any of them. */
function tellingParts(text: string): string[] {
  const harmless = new Set(
    'name navn fornavn etternavn password token postcode postnummer postboks customer kunden given pin bearer fnr tlf vei NO finnes ikke is at of was by signer shareholder company'.split(
      ' ',
    ),
  );
  return (text.match(/[\p{L}\p{M}\d]+/gu) ?? []).filter((part) => part.length > 1 && !harmless.has(part));
}

describe('a scrubbed error', () => {
  test.each(personalTexts)('has nothing of %j', (text) => {
    for (const template of templates) {
      const around = new Set(tellingParts(template('')));
      const scrubbed = scrubText(template(text));
      const left = tellingParts(scrubbed).filter((part) => tellingParts(text).includes(part) && !around.has(part));
      expect(left, scrubbed).toEqual([]);
    }
  });

  test.each(usefulTexts)('still says %j', (text) => {
    expect(scrubText(text)).toBe(text);
  });

  test('keeps its code and its sentence around what is removed', () => {
    expect(scrubText('KYC_TIMEOUT: Quickr did not answer for Ola Nordmann (01019012345) within 30 s; HTTP 504')).toBe(
      'KYC_TIMEOUT: Quickr did not answer for … (…) within 30 s; HTTP 504',
    );
  });

  test('is equal when it is scrubbed again', () => {
    for (const text of [...personalTexts, ...usefulTexts])
      for (const template of templates) {
        const once = scrubText(template(text));
        expect(scrubText(once)).toBe(once);
      }
  });

  test('is cut before a word that might be a part of something', () => {
    const scrubbed = scrubText(`${'word '.repeat(97)}call 912 34 567 now`);
    expect(scrubbed.endsWith('word …')).toBe(true);
    expect(scrubText('x'.repeat(3000))).toBe(' …');
  });
});
