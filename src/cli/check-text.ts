import { counted } from '../model/counted.ts';
import { visibleLine } from '../model/visible-text.ts';
import type { Finding } from '../store/check/finding.ts';
import { type Format, paint, type Style } from './terminal/style.ts';
import { wrap } from './terminal/wrap.ts';

const MARKS = { ok: 'ok', warning: 'warning', problem: 'PROBLEM' };
const MARK_WIDTH = 9;
const MIN_CHECK_WIDTH = 24;

/** The findings as lines that fit the terminal, then the statements for an administrator, ready to be copied. */
export function findingsText(findings: readonly Finding[], style: Style): string[] {
  const checkWidth = Math.max(MIN_CHECK_WIDTH, ...findings.map(({ check }) => check.length + 2));
  return [...findings.flatMap((one) => linesOf(one, checkWidth, style)), ...sqlText(findings), ...summary(findings)];
}

const FORMATS: Record<Finding['state'], Format> = { ok: 'green', warning: 'yellow', problem: 'red' };

function linesOf({ check, state, message }: Finding, checkWidth: number, style: Style): string[] {
  const indent = MARK_WIDTH + checkWidth;
  // A longer word stays whole, so that it can be copied.
  const lines = message.split('\n').flatMap((line) => wrap(visibleLine(line), style.width - indent, 'whole'));
  const head = paint(style, FORMATS[state], MARKS[state].padEnd(MARK_WIDTH)) + visibleLine(check).padEnd(checkWidth);
  return lines.map((line, index) => (index === 0 ? head : ' '.repeat(indent)) + line);
}

/** Each statement once, under the first check that asks for it. */
function sqlText(findings: readonly Finding[]): string[] {
  const printed = new Set<string>();
  const lines = findings.flatMap(({ check, sql }) => {
    const added = sql.filter((statement) => !printed.has(statement));
    for (const statement of added) printed.add(statement);
    return added.length === 0 ? [] : [`-- ${visibleLine(check)}`, ...added];
  });
  if (lines.length === 0) return [];
  const isNew = [...printed].some((statement) => statement.startsWith('create database '));
  const where = isNew ? 'connected to any database' : 'connected to the database of DATABASE_URL';
  return ['', `An administrator runs this, ${where}:`, '', ...lines];
}

function summary(findings: readonly Finding[]): string[] {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const problems = count('problem');
  const warnings = counted(count('warning'), 'warning');
  if (problems === 0) return ['', `Everything that is needed works; ${warnings}.`];
  return ['', `${counted(problems, 'problem')}, ${warnings}. After correcting them, run cdd-sync check again.`];
}
