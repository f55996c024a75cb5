import { count } from '../../model/number-text.ts';
import type { StatusCount } from '../../store/runs/status.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';

type Row = Pick<StatusCount, 'status' | 'stage'> & { cases: number; tests: number };

/** An API that invents statuses must not push everything else off the screen. */
const MOST_STATUSES = 20;

/** Cases of all accounts by status, those of test accounts apart. */
export function casesTable(counts: readonly StatusCount[], style: Style): string {
  const groups = [...Map.groupBy(counts, ({ status }) => status)].map(([status, members]): Row => {
    const sum = (isTest: boolean) =>
      members.reduce((total, row) => total + (row.account_id.startsWith('T') === isTest ? row.cases : 0), 0);
    return { status, stage: members[0]?.stage ?? null, cases: sum(false), tests: sum(true) };
  });
  const shown = groups.slice(0, MOST_STATUSES);
  const { text } = table(columnsOf(groups), shown, style);
  const rest = groups.length - shown.length;
  return rest === 0 ? text : `${text}\n${count(rest)} statuses more: cdd-sync status --json has all of them`;
}

function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const hasBoth = rows.some(({ cases }) => cases > 0) && rows.some(({ tests }) => tests > 0);
  return [
    { heading: 'status', text: ({ status }) => status ?? '(none yet)', importance: 1 },
    {
      heading: 'stage',
      text: ({ stage }) => stage,
      importance: 1,
      format: ({ stage }) => (stage === 'unknown' ? 'yellow' : null),
    },
    {
      heading: 'cases',
      text: ({ cases, tests }) => count(hasBoth ? cases : cases + tests),
      importance: 1,
      isNumber: true,
    },
    ...(hasBoth
      ? [{ heading: 'in test accounts', text: ({ tests }: Row) => count(tests), importance: 2, isNumber: true }]
      : []),
  ];
}
