import type { KnownAt } from '../known-at.ts';
import type { PageRequest } from '../page.ts';
import type { Asked, CaseRow } from './queries.ts';

/** The input of every block of a case's page. */
export type ShownCase = Pick<PageRequest, 'tx' | 'url' | 'clock'> & { row: CaseRow; known: KnownAt; asked: Asked };

/** The CSS class of rows that were not known yet at the chosen time. Their words say so too. */
export const NOT_KNOWN = 'not-known';
