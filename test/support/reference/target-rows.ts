import type { BusinessHours } from './business-hours.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import { HOUR, type Instant } from './instant.ts';
import type { Row } from './row.ts';

/** Hours by status, or business hours. */
export type StatusTargets = Readonly<Record<string, number | { businessHours: number }>>;

type Period = CaseHistory['periods'][number];

/** Computes the rows of reporting.status_targets. */
export function targetRows(
  { document, periods }: CaseHistory,
  targets: StatusTargets,
  { business, now }: { business: BusinessHours; now: Instant },
): Row[] {
  return periods.flatMap((period) => {
    const target = targets[period.status];
    if (target === undefined) return [];
    const used = business.hoursBetween(period.enteredAt, period.endedAt ?? now);
    const { status, enteredAt, leftAt, hours } = period;
    return [
      {
        ...caseColumns(document),
        status,
        entered_at: enteredAt,
        left_at: leftAt,
        hours,
        business_hours: used,
        ...(typeof target === 'number'
          ? judgedByHours(period, target, now)
          : judgedByBusinessHours(period, target.businessHours, used, business)),
      },
    ];
  });
}

function judgedByHours({ enteredAt, endedAt }: Period, hours: number, now: Instant): Row {
  const dueAt = enteredAt + hours * HOUR;
  const left = dueAt - (endedAt ?? now);
  return {
    target_hours: hours,
    target_business_hours: null,
    due_at: dueAt,
    state: stateOf({ left, target: hours * HOUR, isOver: endedAt !== null }),
  };
}

function judgedByBusinessHours(
  { enteredAt, endedAt }: Period,
  target: number,
  used: number | null,
  business: BusinessHours,
): Row {
  return {
    target_hours: null,
    target_business_hours: target,
    due_at: business.usedUpAt(enteredAt, target),
    state: used === null ? null : stateOf({ left: target - used, target, isOver: endedAt !== null }),
  };
}

/** `left`: the unused rest of the target, at the end of the period or now. */
function stateOf({ left, target, isOver }: { left: number; target: number; isOver: boolean }): string {
  if (left < 0) return 'breached';
  if (isOver) return 'met';
  return left < target / 5 ? 'due_soon' : 'running';
}
