import { describe, expect, it } from 'vitest';
import { type CasesFilter, casesAddress, parseFilter, shownState } from '../../../src/pages/cases/filter.ts';

const ID = '0189f7ab-0c4e-7c3a-9f7b-2f0d5b6a7c8d';

const parsed = (query: string) => parseFilter(new URL(`http://x/cases?${query}`).searchParams);
const chosen = ({ filter }: { filter: CasesFilter }) =>
  Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== null && (!Array.isArray(value) || value.length > 0)),
  );

describe('the filters of an address', () => {
  it('choose nothing without parameters, or with empty ones, as a form sends them', () => {
    expect(chosen(parsed(''))).toEqual({});
    const { problems, ...empty } = parsed('account=&stage=&q=+&opened_from=&waiting_to_hours=&ids=');
    expect([chosen(empty), problems]).toEqual([{}, []]);
  });

  it('are read back from the link that was made of them', () => {
    const filter = {
      account: ['P1', 'T2'],
      stage: ['review', 'none'],
      status: ['A&B=ü "\'%;'],
      state: 'not_gone',
      opened_to: '2024-02-29',
      waiting_from_hours: 0,
      q: 'Ås & <Sønn>',
      ids: [ID],
      sort: '-opened',
    } as const;
    const { problems, ...read } = parsed(casesAddress(filter).slice('/cases?'.length));
    expect([chosen(read), problems]).toEqual([filter, []]);
  });

  it('leave alone what belongs to every page', () => {
    expect(parsed('days=30&format=csv&block=cases&after=x').problems).toEqual([]);
  });

  it.each([
    ['stage=reviews', 'stage “reviews” is left out: it must be one of applicant, review, approved'],
    ['opened_from=2026-02-30', 'opened_from “2026-02-30” is left out: it must be a day, written as 2026-11-03.'],
    ['opened_from=0000-01-01', 'opened_from “0000-01-01” is left out'],
    ['opened_to=99999-01-01', 'opened_to “99999-01-01” is left out'],
    ['waiting_from_hours=-1', 'waiting_from_hours “-1” is left out: it must be a whole number of hours.'],
    ['waiting_from_hours=1e99', 'waiting_from_hours “1e99” is left out'],
    ['q=a%00b', 'q “a\\u0000b” is left out: it must be a text of at most 100 characters, none of them NUL.'],
    ['status=%00', 'status “\\u0000” is left out'],
    ['ids=1', 'ids “1” is left out: it must be the id of a case.'],
    ['sort=secret', 'sort “secret” is left out: it must be one of name, account'],
    ['satge=review', 'There is no filter “satge”; it is left out.'],
    ['__proto__=x', 'There is no filter “__proto__”; it is left out.'],
    ['state=open&state=gone', 'state was given more than once. Only the first value is used.'],
  ])('say in words what is wrong with %s', (query, words) => {
    const { problems } = parsed(query);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(words)).toBe(true);
  });

  it('take texts with quotes, percent signs and semicolons as they are', () => {
    expect(chosen(parsed('status=%27%22%3B--%25&country=%27'))).toEqual({ status: [`'";--%`], country: "'" });
  });

  it('do not repeat 10,000 characters, or 10,000 values, to the reader', () => {
    expect(parsed(`q=${'x'.repeat(10_000)}`).problems.join('').length).toBeLessThan(200);
    const { filter, problems } = parsed(Array.from({ length: 10_000 }, (_, index) => `status=${index}`).join('&'));
    expect([filter.status.length, problems]).toEqual([20, ['Only the first 20 values of status are used.']]);
    const wrong = parsed(Array.from({ length: 10_000 }, (_, index) => `unknown${index}=x`).join('&'));
    expect(wrong.problems.length).toBeLessThan(12);
  });
});

describe('the state that a list shows', () => {
  const stateOf = (query: string) => shownState(parsed(query).filter);

  it('is open where the address asks what is to be done', () => {
    expect(
      ['', 'account=P1', 'country=NO', 'target=breached', 'stage=review&waiting_from_hours=24'].map(stateOf),
    ).toEqual(Array(5).fill('open'));
  });

  it('is all where it names a status, a past or a certain case', () => {
    const queries = [
      'stage=approved',
      'status=ACTIVE',
      'opened_from=2026-01-01',
      'review_from=2026-01-01',
      'decision=declined',
      'declined_before=yes',
      'q=x',
      `ids=${ID}`,
    ];
    expect(queries.map(stateOf)).toEqual(Array(8).fill('all'));
  });

  it('is the one that the address names', () => {
    expect(stateOf('state=gone&target=breached')).toBe('gone');
  });
});
