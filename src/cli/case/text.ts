import { type Clock, fullTime } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { type Entry, entriesOf, routesOf } from '../../pages/case/entries.ts';
import type { StayRow } from '../../pages/case/queries.ts';
import { type TimelineOf, timelineColumns } from '../../pages/case/timeline.ts';
import type { VersionRow } from '../../pages/case/timeline-queries.ts';
import { plainText } from '../../pages/html/plain-text.ts';
import type { Column as PageColumn } from '../../pages/html/table.ts';
import { type KnownAt, NOT_FINAL } from '../../pages/known-at.ts';
import { paint, type Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { wrap } from '../terminal/wrap.ts';

type CaseText = {
  shown: TimelineOf;
  title: string;
  about: readonly string[];
  versions: readonly VersionRow[];
  stays: readonly StayRow[];
};

/** Lines about one case: its name, the facts, and its timeline with the oldest first. */
export function caseLines({ shown, title, about, versions, stays }: CaseText, style: Style): string[] {
  const columns = timelineColumns(shown, routesOf(stays)).map((column) => timelineColumn(column));
  return [
    ...wrap(visibleLine(title), style.width).map((line) => paint(style, 'bold', line)),
    ...about.flatMap((one) => wrap(visibleLine(one), style.width)),
    `\n${table(columns, entriesOf(versions).toReversed(), style).text}`,
  ];
}

/** A column of the page's table for the terminal. The times and words stay, the delay leaves a narrow terminal. */
function timelineColumn({ heading, name, cell, isNumber = false }: PageColumn<Entry>): Column<Entry> {
  return {
    heading: heading.toLowerCase(),
    text: (entry) => plainText(cell?.(entry)).split('\n'),
    importance: name === 'lag_hours' ? 2 : 1,
    isWhole: name !== 'title',
    isNumber,
    format: ({ isKnown }) => (isKnown ? null : 'dim'),
  };
}

/** Notes for a reader who asks for an earlier knowledge. */
export function notesOf(known: KnownAt, clock: Clock): string[] {
  return [
    ...(known.twin === null || known.instant === null
      ? []
      : [`The clocks were set back that night, so this time came twice. This is ${fullTime(known.at, clock)}.`]),
    ...(known.isFinal ? [] : [`${NOT_FINAL} What it saves may still change this answer.`]),
  ];
}
