import type { State } from './state.ts';
import { hour } from './timeline.ts';

export type ClockOptions = {
  /** How many hours of the world pass in a second. Default 0: the clock moves only by `world.advance`. */
  hoursPerSecond?: number;
  /** Milliseconds since 1970 that the moving clock does not pass: for a world that catches up with the present. */
  notAfter?: () => number;
};

/** Moves the world's clock once a second and tells the subscribers; undefined when it is to stand still. */
export function startClock({ world, hooks }: State, options: ClockOptions): NodeJS.Timeout | undefined {
  const { hoursPerSecond = 0, notAfter = () => Number.POSITIVE_INFINITY } = options;
  if (hoursPerSecond === 0) return undefined;
  return setInterval(() => {
    const room = (notAfter() - Date.parse(world.now())) / hour;
    if (room <= 0) return;
    world.advance({ hours: Math.min(hoursPerSecond, room) });
    hooks.deliverChanges();
  }, 1000).unref();
}
