import type { State } from './state.ts';
import { hour } from './timeline.ts';

export type ClockOptions = {
  /** Hours of the world per real second. Default 0: only `world.advance` moves the clock. */
  hoursPerSecond?: number;
  /** Upper limit of the running clock, milliseconds since 1970: for a world that catches up with the present. */
  notAfter?: () => number;
};

/** Moves the world's clock once a second and delivers webhooks; returns undefined if the clock stands still. */
export function startClock({ world, webhooks }: State, options: ClockOptions): NodeJS.Timeout | undefined {
  const { hoursPerSecond = 0, notAfter = () => Number.POSITIVE_INFINITY } = options;
  if (hoursPerSecond === 0) return undefined;
  return setInterval(() => {
    const remainingHours = (notAfter() - Date.parse(world.now())) / hour;
    if (remainingHours <= 0) return;
    world.advance({ hours: Math.min(hoursPerSecond, remainingHours) });
    webhooks.deliverChanges();
  }, 1000).unref();
}
