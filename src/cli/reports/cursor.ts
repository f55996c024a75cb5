import type { Published } from '../../store/published/catalogue.ts';

// The time of a row. One rule for every view, also one that a later version adds.

/** A row was learned, changed, or happened at the first of these columns that its view has. */
const CURSORS = ['changed_at', 'recorded_at', 'decided_at', 'entered_at', 'started_at', 'day', 'month'];

/** A row happened at the first of these columns that its view has. */
const HAPPENED = ['occurred_at', 'at', 'decided_at', 'entered_at', 'started_at', 'day', 'month', ...CURSORS];

/** The column by which `export --since` chooses rows; null for a view of the present. */
export function cursorOf(view: Published): string | null {
  return firstOf(CURSORS, view);
}

/** The column by which `show` puts the latest rows first; null for a view of the present. */
export function happenedOf(view: Published): string | null {
  return firstOf(HAPPENED, view);
}

function firstOf(names: readonly string[], { columns }: Published): string | null {
  return names.find((name) => columns.some((column) => column.name === name)) ?? null;
}
