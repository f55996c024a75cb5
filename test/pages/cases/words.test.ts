import { describe, expect, it } from 'vitest';
import { casesAddress, parseFilter } from '../../../src/pages/cases/filter.ts';
import { chosenFilters } from '../../../src/pages/cases/words.ts';

const chosen = (query: string) => chosenFilters(parseFilter(new URLSearchParams(query)).filter);

describe('the chosen filters in words', () => {
  it.each([
    ['review_by=2027-03-31', 'periodic review due by 31 Mar 2027'],
    ['review_from=2027-03-01', 'periodic review due from 1 Mar 2027'],
    ['review_from=2027-03-01&review_by=2027-03-31', 'periodic review due from 1 Mar 2027 to 31 Mar 2027'],
    ['review_from=2027-03-01&review_by=2027-03-01', 'periodic review due on 1 Mar 2027'],
    ['declined_before=yes', 'applied again after a decline'],
  ])('say of %s: %s, and are removed as one', (query, words) => {
    expect(chosen(query).map((filter) => filter.words)).toEqual([words]);
    expect(chosen(query).map(({ without }) => casesAddress(without))).toEqual(['/cases?state=all']);
  });
});
