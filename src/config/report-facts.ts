import { z } from 'zod';
import { mustBe } from './must-be.ts';

// The keys of reports.facts.

const nameRule = mustBe('the name of a fact: a to z, 0 to 9 and _, at most 63, such as risk_level');
/** The name of a fact; readers use it in SQL. */
export const factName = z.string(nameRule).regex(/^[a-z][a-z0-9_]{0,62}$/, nameRule);

const pathRule = mustBe('a jsonpath of Postgres, such as "$.events[last].case.risk_level"', pathHint);
/** Postgres judges the rest of a path: it is the only one to know its version of the language. */
const path = z
  .string(pathRule)
  .max(1000, pathRule)
  .regex(/^\s*((strict|lax)\s+)?[$(]/, pathRule)
  .refine((text) => !text.includes('\0'), pathRule);

function pathHint(input: unknown): string {
  if (typeof input === 'string' && /^[\w"]/.test(input)) return `begin it with "$."`;
  return typeof input === 'string' && input.length > 1000 ? 'it has more than 1000 characters' : '';
}

/** Facts of cases, by name. */
export const facts = z.record(factName, path, mustBe('a map of names and paths'));
