import { z } from 'zod';
import { mustBe } from './must-be.ts';

// The keys of reports.facts.

const nameRule = mustBe('the name of a fact: a to z, 0 to 9 and _, at most 63, such as risk_level');
/** The name of a fact; readers use it in SQL. */
export const factName = z.string(nameRule).regex(/^[a-z][a-z0-9_]{0,62}$/, nameRule);
