import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { scrubbedTextText } from '../../../prisma/scripts/scrubbed-text.ts';
import { scrubText } from '../../../src/model/scrubbed-text.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { personalTexts, templates, usefulTexts } from '../../fixtures/error-texts.ts';
import { test } from '../../support/database.ts';

const scrubbedBy = async (database: Database, texts: string[]) => {
  const rows = await database.$queryRaw<{ text: string }[]>`
    select cdd.scrubbed_text(text) as text
    from unnest(${texts}::text[]) with ordinality as given (text, position)
    order by position`;
  return rows.map(({ text }) => text);
};

const samples = [...personalTexts, ...usefulTexts];

describe('an error text of an event', () => {
  test('is scrubbed in Postgres as in TypeScript', async ({ db: { database } }) => {
    const texts = samples.map((text, index) => templates[index % templates.length]?.(text) ?? text);
    const long = ['word '.repeat(450), 'x'.repeat(2500), `${'😀'.repeat(499)} Ola Nordmann`, ''];
    expect(await scrubbedBy(database, [...texts, ...long])).toEqual([...texts, ...long].map(scrubText));
  });

  test('is scrubbed alike whatever stands beside it', async ({ db: { database } }) => {
    const piece = fc.constantFrom(
      ...samples,
      ...'.,:;()"\'-_/=+@0159aZøØ…😀\u00a0\n'.split(/(?:)/u),
      ' ',
      ' ',
      'van',
      'NOK',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const texts = fc.sample(text, { numRuns: 300, seed: 7 });
    expect(await scrubbedBy(database, texts)).toEqual(texts.map(scrubText));
    const once = texts.map(scrubText);
    expect(once.map(scrubText)).toEqual(once);
  });

  test('has rules that are written once: `npm run db:scrubbed-text` writes them into the definition', async () => {
    const file = new URL('../../../prisma/definitions/cdd/scrubbed_text.sql', import.meta.url);
    expect(await readFile(file, 'utf8')).toBe(scrubbedTextText());
  });
});
