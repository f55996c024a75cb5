import { expect, it } from 'vitest';
import type { Figures } from '../../../src/pages/months/figures.ts';
import { ReportedFigures } from '../../../src/pages/months/reported.ts';

/** Asks for figures, and says whether they were read or known. */
async function ask(kept: ReportedFigures, key: string[], isFinal = true): Promise<'read' | 'known'> {
  let answer: 'read' | 'known' = 'known';
  const figures: Figures = { counts: new Map(), times: new Map() };
  await kept.get(key, isFinal, async () => {
    answer = 'read';
    return figures;
  });
  return answer;
}

it('reads reported figures once for all who see the same accounts', async () => {
  const kept = new ReportedFigures();
  expect(await ask(kept, ['2026-10', 'P1', 'P2'])).toBe('read');
  expect(await ask(kept, ['2026-10', 'P1', 'P2'])).toBe('known');
  expect(await ask(kept, ['2026-10', 'P1'])).toBe('read');
  expect(await ask(kept, ['2026-10', 'P1P2'])).toBe('read');
});

it('keeps no figures that may still change', async () => {
  const kept = new ReportedFigures();
  expect(await ask(kept, ['2026-10'], false)).toBe('read');
  expect(await ask(kept, ['2026-10'], true)).toBe('read');
});

it('keeps the fifty that were asked for last', async () => {
  const kept = new ReportedFigures();
  await ask(kept, ['first']);
  await ask(kept, ['second']);
  for (let month = 0; month < 48; month += 1) await ask(kept, [String(month)]);
  expect(await ask(kept, ['first'])).toBe('known');
  await ask(kept, ['one more']);
  expect(await ask(kept, ['second'])).toBe('read');
});
