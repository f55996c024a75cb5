import type { Clock } from '../../model/time-text.ts';
import { periodText } from '../html/filters.ts';

/** The chosen days up to today, in the configured zone. Days are written as 2026-11-03. */
export type Period = {
  days: number;
  from: string;
  today: string;
  /** The first day of the period before, which has as many days. */
  previousFrom: string;
  /** The unit of the small charts. */
  step: 'day' | 'week' | 'month';
  /** The first day of each step; the first step may have begun before the period. */
  steps: readonly string[];
  /** `90 days`. */
  words: string;
};

const DAY_MS = 86_400_000;

export function periodOf(days: number, { now, timezone }: Clock): Period {
  // The Swedish locale writes days as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(now);
  const from = addDays(today, 1 - days);
  const step = days <= 31 ? 'day' : days <= 366 ? 'week' : 'month';
  return {
    days,
    from,
    today,
    previousFrom: addDays(from, -days),
    step,
    steps: stepsBetween(from, today, step),
    words: periodText(days),
  };
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every so many days up to today, within the last so many days; the oldest first. */
export function daysBefore(today: string, { days, every }: { days: number; every: number }): string[] {
  const shown: string[] = [];
  for (let ago = 0; ago < days; ago += every) shown.unshift(addDays(today, -ago));
  return shown;
}

/** The first day of the month of a day. */
export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** The last day of a month, given by any of its days. */
export function monthEnd(day: string): string {
  return addDays(nextMonth(day), -1);
}

function stepsBetween(from: string, today: string, step: Period['step']): string[] {
  const steps: string[] = [];
  for (let first = stepOf(from, step); first <= today; first = nextStep(first, step)) steps.push(first);
  return steps;
}

function stepOf(day: string, step: Period['step']): string {
  if (step === 'day') return day;
  if (step === 'month') return monthOf(day);
  const daysSinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return addDays(day, -daysSinceMonday);
}

function nextStep(first: string, step: Period['step']): string {
  if (step === 'month') return nextMonth(first);
  return addDays(first, step === 'day' ? 1 : 7);
}

function nextMonth(day: string): string {
  return monthOf(addDays(monthOf(day), 31));
}
