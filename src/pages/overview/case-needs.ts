import { checkWords } from '../../model/check-words.ts';
import { count } from '../../model/number-text.ts';
import { shortList } from '../../model/short-list.ts';
import { type Clock, dayText } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { viewAddress } from '../html/block.ts';
import { html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { sentence } from '../html/sentence.ts';
import { statusText } from '../html/status.ts';
import { timeAndAge } from '../html/time.ts';
import type { Need } from './attention.ts';
import type { OpenGroup, TargetGroup } from './case-figures.ts';
import type { QualityFinding, ReviewGroup } from './due-queries.ts';
import { accountLink, accountsOf, remedyOf } from './findings.ts';
import { type Scope, scopeParameters } from './scope.ts';

type Shown = { scope: Scope; clock: Clock };

/** Cases past their target or close to it, one line a status. */
export function targetNeeds(targets: readonly TargetGroup[], open: readonly OpenGroup[], shown: Shown): Need[] {
  const statuses = [...new Set(targets.map(({ status }) => status))].sort();
  return statuses.map((status) => {
    const stage = open.find((group) => group.status === status)?.stage ?? 'unknown';
    const need = targetNeed(
      targets.filter((group) => group.status === status),
      status,
      shown,
    );
    return { ...need, more: NEXT_STEPS[stage] ?? NEXT_STEPS.unknown };
  });
}

/** The next step for late cases, by their stage. */
const NEXT_STEPS: Record<string, string> = {
  applicant: 'The applicants must act: remind them, the longest waiting first.',
  review: 'They wait for a decision: decide them at Dintero, the longest waiting first.',
  error: 'Dintero could not go on: each case says its last error. Ask Dintero to start it again.',
  unknown: 'It is not known who must act in this status: ask Dintero.',
};

function targetNeed(groups: readonly TargetGroup[], status: string, { scope, clock }: Shown): Need {
  const [late, soon] = (['breached', 'due_soon'] as const).map((state) =>
    groups.find((group) => group.state === state),
  );
  const list = (target: 'breached' | 'due_soon') =>
    casesAddress({ ...scopeParameters(scope), status, target, state: 'open' });
  const soonLinks = soon === undefined ? [] : [link(list('due_soon'), 'Cases close to it')];
  if (late === undefined) {
    return {
      kind: 'look',
      words: `${casesAre(soon?.cases ?? 0)} close to the target of the status “${statusText(status)}”.`,
      links: soonLinks,
    };
  }
  const more = soon === undefined ? '' : ` ${count(soon.cases)} more ${soon.cases === 1 ? 'is' : 'are'} close to it.`;
  const oldest = timeAndAge(new Date(late.oldest), clock);
  return {
    kind: 'act',
    words: html`${casesAre(late.cases)} past the target of the status “${statusText(status)}”; the oldest waits since ${oldest}.${more}`,
    links: [link(list('breached'), 'Cases'), ...soonLinks],
  };
}

function casesAre(cases: number): string {
  return cases === 1 ? '1 case is' : `${count(cases)} cases are`;
}

/** Periodic reviews that are overdue or due, in one line. */
export function reviewNeeds(reviews: readonly ReviewGroup[], { scope }: Shown): Need[] {
  const [overdue, soon] = (['overdue', 'due_soon'] as const).map((state) =>
    reviews.find((group) => group.state === state),
  );
  if (overdue === undefined && soon === undefined) return [];
  const list = (review: 'overdue' | 'due_soon') => casesAddress({ ...scopeParameters(scope), review });
  return [
    {
      kind: overdue === undefined ? 'look' : 'act',
      words: [
        overdue !== undefined &&
          `${reviewsAre(overdue.cases)} overdue, the first since ${dayText(overdue.first_due)}. `,
        soon !== undefined && `${reviewsAre(soon.cases)} due by ${dayText(soon.last_due)}.`,
      ],
      more: 'Review them at Dintero. A review counts from the day on which the case leaves manual review approved.',
      links: [
        ...(overdue === undefined ? [] : [link(list('overdue'), 'Overdue')]),
        ...(soon === undefined ? [] : [link(list('due_soon'), 'Due')]),
      ],
    },
  ];
}

function reviewsAre(reviews: number): string {
  return reviews === 1 ? '1 periodic review is' : `${count(reviews)} periodic reviews are`;
}

/** Open cases in statuses that Dintero does not document: it is unknown whether we or the applicant must act. */
export function unknownStatusNeeds(open: readonly OpenGroup[], { scope }: Shown): Need[] {
  const groups = open.filter(({ stage }) => stage === 'unknown');
  const cases = groups.reduce((sum, group) => sum + group.cases, 0);
  if (cases === 0) return [];
  const statuses = [...new Set(groups.map(({ status }) => status ?? ''))].sort();
  const { finding, remedy } = checkWords('unknown_statuses', cases);
  const list = casesAddress({ ...scopeParameters(scope), stage: 'unknown', state: 'open' });
  const named = shortList(statuses.map(statusText), MOST_STATUSES);
  return [{ kind: 'look', words: `${finding}: ${named}.`, more: remedy, links: [link(list, 'Cases')] }];
}

const MOST_STATUSES = 3;

/** Findings that a person must mend, one line a check. */
export function qualityNeeds(findings: readonly QualityFinding[]): Need[] {
  return findings.map((finding) => ({
    kind: finding.severity === 'error' ? 'act' : 'look',
    words: sentence(`${checkWords(finding.check_name, finding.items).finding} (${accountsOf(finding)})`),
    more: remedyOf(finding),
    links: [accountLink(finding), link(viewAddress('data_quality'), 'About this check')],
  }));
}
