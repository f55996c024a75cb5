/** Dintero's statuses in the order in which a case passes through them, and how they are shown. */
type Shown = { status: string; title: string; color: string; open: boolean };

const shown = (status: string, color: string, open: boolean): Shown => {
  return { status, title: status.toLowerCase().replaceAll('_', ' '), color, open };
};

export const STATUSES = [
  shown('WAITING_FOR_DETAILS', 'super-light-blue', true),
  shown('WAITING_FOR_DECLARATION', 'light-blue', true),
  shown('WAITING_FOR_SIGNATURE', 'blue', true),
  shown('AUTOMATIC_REVIEW', 'light-orange', true),
  shown('UNDER_MANUAL_REVIEW', 'orange', true),
  shown('ERROR', 'red', true),
  shown('ACTIVE', 'green', false),
  shown('DECLINED', 'dark-red', false),
  shown('TERMINATED', 'purple', false),
  shown('ARCHIVED', 'light-purple', false),
];

/** Stages of cases that are open. */
export const OPEN_STAGES = `'applicant', 'review', 'error', 'unknown'`;

/** A status as STATUSES has it in `title`, from a column; statuses that are not there too. */
export function titleOf(column: string): string {
  return `replace(lower(${column}), '_', ' ')`;
}

/** The columns of a query that counts for each of the statuses, and as `other` for all that are not in STATUSES. */
export function byStatus(statuses: Shown[], column: string, count: (condition: string) => string): string {
  const known = STATUSES.map(({ status }) => `'${status}'`).join(', ');
  const columns = statuses.map(({ status, title }) => `${count(`${column} = '${status}'`)} as "${title}"`);
  return [...columns, `${count(`${column} not in (${known})`)} as "other"`].join(`,\n${' '.repeat(8)}`);
}
