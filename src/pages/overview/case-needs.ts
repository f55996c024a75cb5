import { checkWords } from '../accounts/checks.ts';
import { casesAddress } from '../cases/filter.ts';
import { html } from '../html/html.ts';
import { accountAddress, link } from '../html/link.ts';
import { count } from '../html/number.ts';
import { sentence } from '../html/sentence.ts';
import { type Clock, dayText, timeAndAge } from '../html/time.ts';
import type { Need } from './attention.ts';
import type { OpenGroup, QualityFinding, ReviewGroup, TargetGroup } from './queries.ts';
import { type Scope, scopeParameters } from './scope.ts';
import { statusText } from './words.ts';

type Shown = { scope: Scope; clock: Clock };

/** Cases past their target or soon to be, one line a status. */
export function targetNeeds(targets: readonly TargetGroup[], { scope, clock }: Shown): Need[] {
  return targets
    .toSorted((one, other) => other.cases - one.cases)
    .map(({ status, state, cases, oldest }) => {
      const isLate = state === 'breached';
      const list = casesAddress({ ...scopeParameters(scope), status, target: state, state: 'open' });
      const are = cases === 1 ? '1 case is' : `${count(cases)} cases are`;
      const since = html`the oldest waits since ${timeAndAge(new Date(oldest), clock)}`;
      return {
        kind: isLate ? 'act' : 'look',
        words: isLate
          ? html`${are} past the target in ${statusText(status)}; ${since}.`
          : html`${are} close to the target in ${statusText(status)}; ${since}.`,
        links: [link(list, 'Cases')],
      } satisfies Need;
    });
}

/** Periodic reviews that are overdue or due. */
export function reviewNeeds(reviews: readonly ReviewGroup[], { scope }: Shown): Need[] {
  return reviews.map(({ state, cases, first_due, last_due }) => {
    const list = casesAddress({ ...scopeParameters(scope), review: state });
    const reviewsAre = cases === 1 ? '1 periodic review is' : `${count(cases)} periodic reviews are`;
    return {
      kind: state === 'overdue' ? 'act' : 'look',
      words:
        state === 'overdue'
          ? `${reviewsAre} overdue, the first since ${dayText(first_due)}.`
          : `${reviewsAre} due by ${dayText(last_due)}.`,
      links: [link(list, 'Cases')],
    } satisfies Need;
  });
}

/** Open cases in statuses that Dintero does not document: reports cannot tell who must act. */
export function unknownStatusNeeds(open: readonly OpenGroup[], { scope }: Shown): Need[] {
  const groups = open.filter(({ stage }) => stage === 'unknown');
  const cases = groups.reduce((sum, group) => sum + group.cases, 0);
  if (cases === 0) return [];
  const statuses = [...new Set(groups.map(({ status }) => status ?? ''))].sort();
  const { finding, remedy } = checkWords('unknown_statuses', cases);
  const list = casesAddress({ ...scopeParameters(scope), stage: 'unknown', state: 'open' });
  const named = statuses.slice(0, MOST_STATUSES).join(', ');
  const rest = statuses.length > MOST_STATUSES ? ` and ${count(statuses.length - MOST_STATUSES)} more` : '';
  return [{ kind: 'look', words: `${finding}: ${named}${rest}.`, more: remedy, links: [link(list, 'Cases')] }];
}

const MOST_STATUSES = 3;

/**
 * Checks that are no line: unknown_statuses has one of its own, whose cases are counted as the list counts them, and a
 * case under two accounts is how partners work; the page counts it once.
 */
const LEFT_OUT = ['unknown_statuses', 'case_under_two_accounts'];

/** What is suspicious in the data, one line a check. */
export function qualityNeeds(findings: readonly QualityFinding[]): Need[] {
  return findings
    .filter(({ check_name: name }) => !LEFT_OUT.includes(name))
    .map(({ check_name: name, severity, items, accounts, account_id, example }) => {
      const { finding, remedy } = checkWords(name, items);
      const where = accounts === 1 ? account_id : `${count(accounts)} accounts`;
      return {
        kind: severity === 'error' ? 'act' : 'look',
        words: sentence(`${finding} (${where})`),
        more: html`${remedy}${example !== null && html` For example: ${example}`}`,
        links: [
          accounts === 1 ? link(accountAddress(account_id), 'Account') : link('/accounts', 'Accounts'),
          link('/views/data_quality', 'About this check'),
        ],
      } satisfies Need;
    });
}
