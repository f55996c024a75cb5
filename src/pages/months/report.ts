import { dayText } from '../../model/time-text.ts';
import { countAddress, funnelAddress, listAddress } from './cases-behind.ts';
import { ALL, COUNT_NAMES, type Counts, type Figures, FUNNEL, NO_COUNTS } from './figures.ts';
import type { ShownMonth } from './shown.ts';

/** A figure of the month by two knowledges; hours if it is a duration. */
export type FigureRow = {
  name: string;
  heading: string;
  unit: 'cases' | 'changes' | 'hours';
  /** Null = nothing was reported. */
  was: number | null;
  is: number | null;
  /** The cases behind the present figure; null = no list has them. */
  href: string | null;
  /** Whether restatements names the cases behind the difference. */
  isExplained: boolean;
};

const COUNTS: readonly [name: keyof Counts, heading: string, unit: FigureRow['unit']][] = [
  ['opened', 'Opened', 'cases'],
  ['decided', 'Decided', 'cases'],
  ['approved', 'Approved', 'cases'],
  ['declined', 'Declined', 'cases'],
  ['reopened', 'Reopened', 'changes'],
];

const FUNNEL_HEADINGS: Record<(typeof FUNNEL)[number], string> = {
  opened: 'Opened in the month',
  reached_declaration: 'Reached the declaration',
  reached_signature: 'Reached the signature',
  reached_review: 'Reached the review',
  decided: 'Decided',
  approved: 'Approved',
  declined: 'Declined',
  still_open: 'Still open',
};

/** The counts of one account, or of all that are counted. */
export function countsOf({ counts }: Figures): Counts {
  const total = { ...NO_COUNTS };
  for (const found of counts.values()) {
    for (const name of COUNT_NAMES) total[name] += found[name];
  }
  return total;
}

/** The rows of the report; `was` = null before anything was reported. */
export function reportRows(shown: ShownMonth, now: Figures, was: Figures | null): FigureRow[] {
  const { month, isOver } = shown;
  const is = countsOf(now);
  const then = was === null ? null : countsOf(was);
  const timesNow = now.times.get(ALL);
  const timesThen = was?.times.get(ALL);
  const rows: FigureRow[] = COUNTS.map(([name, heading, unit]) => ({
    name,
    heading,
    unit,
    was: then === null ? null : then[name],
    is: is[name],
    href: countAddress(name, shown),
    isExplained: true,
  }));
  const times = (name: 'p50' | 'p90', heading: string): FigureRow => ({
    name: `${name}_hours`,
    heading,
    unit: 'hours',
    was: timesThen?.[name] ?? null,
    is: timesNow?.[name] ?? null,
    href: null,
    isExplained: false,
  });
  rows.push(times('p50', 'Time to decision, half within'), times('p90', 'Time to decision, nine in ten within'));
  rows.push({
    name: 'backlog',
    heading: isOver ? `Open at the end of ${dayText(month.last)}` : 'Open now',
    unit: 'cases',
    was: then === null ? null : then.backlog,
    is: is.backlog,
    href: isOver ? null : listAddress(shown, { state: 'open', in_backlog: 'yes' }),
    isExplained: false,
  });
  return rows;
}

/** The rows of the funnel. */
export function funnelRows(shown: ShownMonth, now: Figures, was: Figures | null): FigureRow[] {
  const is = countsOf(now);
  const then = was === null ? null : countsOf(was);
  return FUNNEL.map((name) => ({
    name,
    heading: FUNNEL_HEADINGS[name],
    unit: 'cases',
    was: then === null ? null : then[`funnel_${name}`],
    is: is[`funnel_${name}`],
    href: funnelAddress(name, shown),
    isExplained: false,
  }));
}
