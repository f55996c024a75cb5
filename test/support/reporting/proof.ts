import { differences } from './difference.ts';
import { expectedViews, type ReportSettings } from './expectations.ts';
import { factsOf } from './facts.ts';
import type { Past } from './past.ts';
import { reading } from './reading.ts';

/** Where views, all or those that are named, differ from the reference, in words. */
export async function differingViews(
  url: string,
  past: Past,
  settings: ReportSettings,
  views?: readonly string[],
): Promise<string[]> {
  return reading(url, async (source) => {
    const facts = await factsOf(source);
    const all: string[] = [];
    for (const [view, expectation] of Object.entries(expectedViews(past, { facts, settings, now: source.now }))) {
      if (views?.includes(view) === false) continue;
      const got = await source.rows(`select * from reporting.${view}`);
      all.push(...differences(view, { ...expectation, got }));
    }
    return all;
  });
}
