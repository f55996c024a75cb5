import { casesText, count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { ReducedAccount } from '../../store/ledger/reduce/reduce-account.ts';
import type { Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';

type Shown = { personalData: string; isDryRun: boolean; style: Style };

/** The result of `reduce`: a line per account, then the steps that remain outside the tables. */
export function reducedLines(accounts: readonly ReducedAccount[], { personalData, isDryRun, style }: Shown): string[] {
  if (accounts.length === 0) return wrap('No account has been read yet, so there is nothing to reduce.', style.width);
  const reduced = accounts.reduce((sum, one) => sum + one.reduced + one.items, 0);
  return [
    ...accounts.flatMap((one) => wrap(accountText(one, { personalData, isDryRun }), style.width)),
    ...(reduced === 0 || isDryRun
      ? []
      : [
          '',
          ...wrap(
            'Each of these cases has a receipt in cdd.erasures. The removed data are still in old versions of the rows until ' +
              'VACUUM has passed (autovacuum does it; "vacuum full" also gives the space back), in the write-ahead log, and in backups.',
            style.width,
          ),
        ]),
    ...(isDryRun && reduced > 0
      ? ['', ...wrap('Nothing was written. To do it: cdd-sync reduce --yes', style.width)]
      : []),
  ];
}

function accountText(
  { accountId, cases, reduced, held, items }: ReducedAccount,
  { personalData, isDryRun }: Omit<Shown, 'style'>,
): string {
  const have = reduced === 1 ? 'has' : 'have';
  const what = isDryRun
    ? `${have} data that personalData: ${personalData} does not store`
    : `reduced to personalData: ${personalData}`;
  const rest = items === 0 ? '' : `; ${count(items)} rejected ${items === 1 ? 'item' : 'items'} of no stored case too`;
  const left = held === 0 ? '' : `; ${casesText(held)} under legal hold left as ${held === 1 ? 'it is' : 'they are'}`;
  return `${visibleLine(accountId)}: ${count(reduced)} of ${casesText(cases)} ${what}${rest}${left}`;
}
