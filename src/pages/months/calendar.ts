import { monthEnd } from '../overview/period.ts';
import type { Month } from './figures.ts';

/** The month of a text such as 2026-10; null if there is none, or if it is before 2000, where reports begin. */
export function monthOf(text: string): Month | null {
  if (!/^2\d{3}-(0[1-9]|1[0-2])$/.test(text)) return null;
  return { first: `${text}-01`, last: monthEnd(`${text}-01`), next: shifted(text, 1) };
}

/** The first day of the month so many months later. */
export function shifted(month: string, months: number): string {
  const day = new Date(`${month.slice(0, 7)}-01T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + months);
  return day.toISOString().slice(0, 10);
}
