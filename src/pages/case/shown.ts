import type { KnownAt } from '../known-at.ts';
import type { PageRequest } from '../page.ts';
import type { Asked, CaseRow } from './queries.ts';

/** What every block of a case's page is made from. */
export type ShownCase = PageRequest & { row: CaseRow; known: KnownAt; asked: Asked };

/** The class of what was not known yet at the chosen time. The words say it too. */
export const NOT_KNOWN = 'not-known';
