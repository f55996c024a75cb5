import { type CasesParameters, casesAddress } from '../cases/filter.ts';
import { scopeParameters } from '../overview/scope.ts';
import type { Counts, FUNNEL } from './figures.ts';
import type { ShownMonth } from './shown.ts';

/** The list of the cases that the month counts. */
export function listAddress({ scope }: ShownMonth, parameters: CasesParameters): string {
  const { accountId } = scope;
  return casesAddress({ ...scopeParameters(scope), ...parameters, copies: accountId === null ? 'all' : null });
}

/** The cases behind a count of the report; null = no list has them. */
export function countAddress(name: keyof Counts, shown: ShownMonth): string | null {
  const { first, last } = shown.month;
  const decided = { state: 'all', decided_from: first, decided_to: last } as const;
  if (name === 'opened') return listAddress(shown, { state: 'all', opened_from: first, opened_to: last });
  if (name === 'decided') return listAddress(shown, decided);
  if (name === 'approved' || name === 'declined') return listAddress(shown, { ...decided, decision: name });
  return null;
}

/** The cases behind a step of those that were opened in the month; null = no list has them. */
export function funnelAddress(name: (typeof FUNNEL)[number], shown: ShownMonth): string | null {
  const opened = { opened_from: shown.month.first, opened_to: shown.month.last } as const;
  if (name === 'opened') return listAddress(shown, { ...opened, state: 'all' });
  if (name === 'approved' || name === 'declined')
    return listAddress(shown, { ...opened, state: 'all', decision: name });
  return name === 'still_open' ? listAddress(shown, { ...opened, state: 'open' }) : null;
}
