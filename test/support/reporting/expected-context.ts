import type { BusinessCalendar } from '../reference/business-hours.ts';
import type { FACT_PATHS } from '../reference/case-facts.ts';
import type { Instant } from '../reference/instant.ts';
import type { ReviewSettings } from '../reference/periodic-reviews.ts';
import type { RetentionSettings } from '../reference/retention.ts';
import type { StatusTargets } from '../reference/target-rows.ts';
import type { DatabaseFacts } from './database-facts.ts';

export type ReportSettings = {
  timezone: string;
  statusTargets: StatusTargets;
  reports?: { calendar?: BusinessCalendar; reviews?: ReviewSettings; facts?: typeof FACT_PATHS };
  retention?: RetentionSettings;
};

/** What the expected rows depend on besides the lists. */
export type Context = { facts: DatabaseFacts; settings: ReportSettings; now: Instant };
