import { expect, it } from 'vitest';
import { html } from '../../../src/pages/html/html.ts';
import { figureColumns } from '../../../src/pages/months/figures-block.ts';
import type { FigureRow } from '../../../src/pages/months/report.ts';
import type { ShownMonth } from '../../../src/pages/months/shown.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const reported = { instant: 'x', at: new Date('2026-10-31T23:00:00Z') } as ShownMonth['reported'];

/** The cell of the difference, as text. */
function difference(row: Partial<FigureRow>): string {
  const columns = figureColumns({ clock, reported, isOver: true } as ShownMonth);
  const figure: FigureRow = { name: '', heading: '', unit: 'cases', was: 1, is: 1, href: null, isExplained: false };
  return html`${columns.at(-1)?.cell?.({ ...figure, ...row })}`.text;
}

it('says a difference in its unit, and leads to the reasons if there are any', () => {
  expect(difference({})).toBe('–');
  expect(difference({ is: 2 })).toBe('+1 case');
  expect(difference({ was: 10, is: 7, unit: 'changes' })).toBe('−3 changes');
  expect(difference({ was: null })).toBe('–');
  expect(difference({ is: 2.5, unit: 'hours' })).toBe('+1.5 h');
  expect(difference({ is: 1.001, unit: 'hours' })).toBe('–');
  expect(difference({ is: 3, isExplained: true })).toBe('<a href="#why">+2 cases</a>');
});

it('has no report to compare with before the month is over', () => {
  const columns = figureColumns({ clock, reported: null, isOver: false } as ShownMonth);
  expect(columns.map(({ heading }) => heading)).toEqual(['Figure', 'Until now']);
});
