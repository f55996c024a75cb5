import { count } from '../../model/number-text.ts';
import { dayText } from '../../model/time-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { casesAddress } from '../cases/filter.ts';
import { link } from '../html/link.ts';
import type { Need } from './attention.ts';
import { accountsInScope, type Scope, scopeParameters } from './scope.ts';

type DueCases = {
  cases: number;
  /** The first day on which one of them was due; null = none is. */
  first_due: string | null;
  /** Whether that is more than a day ago: nothing has erased it since. */
  is_late: boolean | null;
};

/** How many cases are due to be erased. One in the lists of two accounts is due in each. */
export async function readDueCases(tx: Transaction, scope: Scope): Promise<DueCases | null> {
  const [due] = await tx.$queryRaw<DueCases[]>`
    select
      count(*)::integer as cases,
      min(keep_until)::date::text as first_due,
      min(keep_until) < now() - interval '1 day' as is_late
    from reporting.retention
    where state = 'due' and ${accountsInScope(scope)}`;
  return due ?? null;
}

/** Cases that are due to be erased, in one line. Action is needed only after a day: before, the next run may erase them. */
export function retentionNeeds(due: DueCases | null, scope: Scope): Need[] {
  if (due === null || due.first_due === null) return [];
  const list = casesAddress({
    ...scopeParameters(scope),
    retention: 'due',
    state: 'all',
    copies: scope.accountId === null ? 'all' : null,
  });
  return [
    {
      kind: due.is_late ? 'act' : 'look',
      words: `${due.cases === 1 ? '1 case is' : `${count(due.cases)} cases are`} due to be erased, the first since ${dayText(due.first_due)}.`,
      more: 'Erase them with cdd-sync erase --account ID --due, or after each run with retention.erase: automatic. A case that must be kept needs a legal hold: cdd-sync hold.',
      links: [link(list, 'Due')],
    },
  ];
}
