import { type Facts, keyOf } from './facts.ts';
import type { Chapter } from './past.ts';
import type { Instant } from './reference/instant.ts';
import { type Story, storyOf } from './reference/story.ts';

/** Finds a fact; one that is lacking is a mistake of the test or of the run, and no view's. */
export function found<T>(facts: ReadonlyMap<string, T>, name: string): T {
  const fact = facts.get(name);
  if (fact === undefined) throw new Error(`the database knows nothing of ${name}`);
  return fact;
}

/** The stories of all cases as they were told up to a chapter; what still lasts runs to `now`. */
export function storiesOf({ told, missingSince }: Chapter, facts: Facts, now: Instant): Story[] {
  return [...told.values()].map((one) => {
    const key = keyOf(one);
    const firstRecorded = (eventId: number) => found(facts.eventFirstRecorded, `${key} ${eventId}`);
    return storyOf(one, { missingSince: missingSince.get(key) ?? null, firstRecorded }, now);
  });
}
