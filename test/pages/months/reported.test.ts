import { expect, it } from 'vitest';
import type { Figures } from '../../../src/pages/months/figures.ts';
import { ReportedFigures } from '../../../src/pages/months/reported.ts';

const FIGURES: Figures = { counts: new Map(), times: new Map() };

/** Asks for figures as a page does, and says whether they must be read or are known. */
function ask(kept: ReportedFigures, key: string[], isFinal = true): 'read' | 'known' {
  const found = kept.find(key);
  kept.keep(key, isFinal, found ?? FIGURES);
  return found === null ? 'read' : 'known';
}

it('reads reported figures once for all who see the same accounts', () => {
  const kept = new ReportedFigures();
  expect(ask(kept, ['2026-10', 'P1', 'P2'])).toBe('read');
  expect(ask(kept, ['2026-10', 'P1', 'P2'])).toBe('known');
  expect(ask(kept, ['2026-10', 'P1'])).toBe('read');
  expect(ask(kept, ['2026-10', 'P1P2'])).toBe('read');
});

it('keeps no figures that may still change', () => {
  const kept = new ReportedFigures();
  expect(ask(kept, ['2026-10'], false)).toBe('read');
  expect(ask(kept, ['2026-10'], true)).toBe('read');
});

it('keeps the fifty that were asked for last', () => {
  const kept = new ReportedFigures();
  ask(kept, ['first']);
  ask(kept, ['second']);
  for (let month = 0; month < 48; month += 1) ask(kept, [String(month)]);
  expect(ask(kept, ['first'])).toBe('known');
  ask(kept, ['one more']);
  expect(ask(kept, ['second'])).toBe('read');
});
