import type { CaseHistory } from './case-history.ts';
import { percentile } from './percentile.ts';
import { grouped, type Row } from './row.ts';

/** Computes the rows of reporting.transition_matrix. */
export function transitionMatrix(histories: readonly CaseHistory[]): Row[] {
  const changes = histories.flatMap(({ document: { accountId }, transitions, periods }) =>
    transitions.map(({ from, to }, index) => ({ accountId, from, to, hours: periods[index - 1]?.hours })),
  );
  return grouped(changes, ({ accountId, from, to }) => JSON.stringify([accountId, from, to])).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hours = group.flatMap((one) => one.hours ?? []);
    return [
      {
        account_id: first.accountId,
        from_status: first.from,
        to_status: first.to,
        transitions: group.length,
        median_hours: percentile(0.5, hours),
        p90_hours: percentile(0.9, hours),
      },
    ];
  });
}
