import type { NamedAccount } from '../../model/account-state.ts';
import type { Clock } from '../../model/time-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { readAccountNeeds, testAccountNeeds } from './account-needs.ts';
import type { Need } from './attention.ts';
import type { CaseFigures } from './case-figures.ts';
import { qualityNeeds, reviewNeeds, targetNeeds, unknownStatusNeeds } from './case-needs.ts';
import { channelNeeds, readDownChannels } from './channel-needs.ts';
import { readQuality, readReviews } from './due-queries.ts';
import { readDueCases, retentionNeeds } from './retention-needs.ts';
import { isInScope, type Scope } from './scope.ts';

// Everything that the verdict counts, for the overview and for `cdd-sync status`.

type Asked = { scope: Scope; clock: Clock };

/** Things that need a person, apart from those of `caseNeeds`. `workers`: live ones, if the caller can see them. */
export async function readOtherNeeds(
  { tx, scope, clock, workers = null }: Asked & { tx: Transaction; workers?: number | null },
  accounts: readonly NamedAccount[],
): Promise<Need[]> {
  const inScope = accounts.filter(({ account_id }) => isInScope(scope, account_id));
  const others = accounts.filter((account) => !inScope.includes(account));
  return [
    ...(await readAccountNeeds(tx, inScope, workers)),
    ...testAccountNeeds(others, workers),
    ...(scope.accountId === null ? channelNeeds(await readDownChannels(tx), clock) : []),
    ...qualityNeeds(await readQuality(tx, scope)),
    ...reviewNeeds(await readReviews(tx, scope), { scope, clock }),
    ...retentionNeeds(await readDueCases(tx, scope), scope),
  ];
}

/** Open cases past their target, and those in an unknown status. */
export function caseNeeds({ targets, open }: Pick<CaseFigures, 'targets' | 'open'>, shown: Asked): Need[] {
  return [...targetNeeds(targets, open, shown), ...unknownStatusNeeds(open, shown)];
}
