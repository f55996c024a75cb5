// Whether a panel can show an answer.
import type { Panel } from '../grafana.ts';
import type { Answer } from './ask.ts';

/** Reasons why a panel of this type cannot show the answer; empty if it can. */
export function unfit({ type, targets, fieldConfig }: Panel, { columns, rows }: Answer): string[] {
  const [first, ...others] = columns;
  const names = columns.map(({ name }) => name);
  const numeric = (some: Answer['columns']) => some.length > 0 && some.every(({ kind }) => kind === 'number');
  const problems: [boolean, string][] = [
    [rows.length === 0, 'no rows'],
    [new Set(names).size < names.length, 'two columns of one name'],
    [columns.some(({ kind }) => kind === undefined), 'a column of a type that Grafana may not know'],
    [columns.every(({ name }) => rows.every((row) => row[name] === null)), 'nothing but null'],
  ];
  if (type === 'stat')
    problems.push([rows.length !== 1 || columns.length !== 1 || !numeric(columns), 'not one number']);
  if (type === 'bargauge') problems.push([rows.length !== 1 || !numeric(columns), 'not one row of numbers']);
  if (type === 'barchart') problems.push([first?.kind !== 'text' || !numeric(others), 'not a name and numbers']);
  if (type === 'table') problems.push([names.some((name) => !/^[A-Z0-9]|^other$|^[a-z ]+$/.test(name)), 'a raw name']);
  if (targets[0]?.format === 'time_series') {
    const times = rows.map((row) => Number(row.time));
    const values = others.filter(({ name }) => name !== 'metric');
    problems.push(
      [first?.name !== 'time' || times.some((time) => !(time > 0)), 'no times'],
      [times.some((time, index) => time < (times[index - 1] ?? 0)), 'times out of order'],
      [!numeric(values), 'values that are no numbers'],
    );
  }
  for (const { matcher } of fieldConfig.overrides) {
    problems.push([matcher.id === 'byName' && !names.includes(matcher.options), `no column ${matcher.options}`]);
  }
  return problems.flatMap(([wrong, text]) => (wrong ? [text] : []));
}
