import { worstFirst } from '../../model/account-state.ts';
import { readAccounts, withFigures } from '../accounts/queries.ts';
import { accountCsvColumns } from '../accounts/table.ts';
import { backlogColumns, backlogDays } from '../backlog-chart.ts';
import { csvLines } from '../html/table.ts';
import type { PageRequest } from '../page.ts';
import { statusParts } from './backlog.ts';
import { readCaseFigures } from './case-figures.ts';
import { decisionTimeColumns } from './decision-times.ts';
import { readFindings } from './due-queries.ts';
import { findingColumns } from './findings.ts';
import { funnelColumns, funnelRows } from './funnel.ts';
import type { Period } from './period.ts';
import { readBacklog, readFunnel, readTransitions } from './report-queries.ts';
import type { Scope } from './scope.ts';
import { transitionColumns } from './transitions.ts';
import { waitingColumns, waitingRows } from './waiting.ts';

/** The input of every block of the overview. */
export type Context = PageRequest & { scope: Scope; period: Period };

export const MOST_TRANSITIONS = 12;

/** The tables of the overview by the id of their block. */
const tables: Record<string, (context: Context) => Promise<Iterable<string>>> = {
  accounts: async ({ tx, filters, clock }) => {
    const accounts = worstFirst(await readAccounts(tx, filters.accountId));
    return csvLines(accountCsvColumns(clock), await withFigures(tx, accounts));
  },
  backlog: async ({ tx, scope, period }) => {
    const rows = await readBacklog(tx, scope, period);
    return csvLines(backlogColumns(statusParts(rows, { scope, period })), backlogDays(rows));
  },
  findings: async ({ tx, scope }) => csvLines(findingColumns, await readFindings(tx, scope)),
  funnel: async ({ tx, scope, period }) =>
    csvLines(funnelColumns({ scope, period }), funnelRows(await readFunnel(tx, scope, period))),
  waiting: async ({ tx, scope, period }) => {
    const { open } = await readCaseFigures(tx, scope, period);
    return csvLines(waitingColumns(scope), waitingRows(open));
  },
  'decision-times': async ({ tx, scope, period }) => {
    const { months } = await readCaseFigures(tx, scope, period);
    return csvLines(decisionTimeColumns(scope), months);
  },
  transitions: async ({ tx, scope, clock }) =>
    csvLines(transitionColumns(clock), await readTransitions(tx, scope, MOST_TRANSITIONS)),
};

/** The lines of a table; null if the overview has none of this name. */
export async function tableLines(context: Context, name: string): Promise<Iterable<string> | null> {
  return (await Object.entries(tables).find(([id]) => id === name)?.[1](context)) ?? null;
}
