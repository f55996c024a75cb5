type StatusStyle = { status: string; title: string; color: string; open: boolean };

const style = (status: string, color: string, open: boolean): StatusStyle => {
  return { status, title: status.toLowerCase().replaceAll('_', ' '), color, open };
};

/** Dintero's statuses in the order in which a case passes through them, and their display. */
export const STATUSES = [
  style('WAITING_FOR_DETAILS', 'super-light-blue', true),
  style('WAITING_FOR_DECLARATION', 'light-blue', true),
  style('WAITING_FOR_SIGNATURE', 'blue', true),
  style('AUTOMATIC_REVIEW', 'light-orange', true),
  style('UNDER_MANUAL_REVIEW', 'orange', true),
  style('ERROR', 'red', true),
  style('ACTIVE', 'green', false),
  style('DECLINED', 'dark-red', false),
  style('TERMINATED', 'purple', false),
  style('ARCHIVED', 'light-purple', false),
];

/** The stages of open cases. */
export const OPEN_STAGES = `'applicant', 'review', 'error', 'unknown'`;

/** SQL for the `title` of a column's status; also works for a status that is not in STATUSES. */
export function statusTitle(column: string): string {
  return `replace(lower(${column}), '_', ' ')`;
}

/** The columns of a query with one count per status, and the count `other` for statuses that are not in STATUSES. */
export function byStatus(statuses: StatusStyle[], column: string, count: (condition: string) => string): string {
  const known = STATUSES.map(({ status }) => `'${status}'`).join(', ');
  const columns = statuses.map(({ status, title }) => `${count(`${column} = '${status}'`)} as "${title}"`);
  return [...columns, `${count(`${column} not in (${known})`)} as "other"`].join(`,\n${' '.repeat(8)}`);
}
