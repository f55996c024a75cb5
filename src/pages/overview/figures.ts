import { count, duration, percent } from '../../model/number-text.ts';
import { type CasesParameters, casesAddress } from '../cases/filter.ts';
import { sparkline } from '../html/bar.ts';
import { block } from '../html/block.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { link } from '../html/link.ts';
import type { CaseFigures, DecidedStep, OpenGroup } from './case-figures.ts';
import type { Period } from './period.ts';
import { type Scope, scopeParameters } from './scope.ts';

/** The figures of one glance; each is a link to the cases that it counts. */
export function figuresBlock(figures: CaseFigures, { scope, period }: { scope: Scope; period: Period }): Html {
  const { open, decided } = figures;
  const cases = (parameters: CasesParameters) => casesAddress({ ...scopeParameters(scope), ...parameters });
  const inPeriod = { decided_from: period.from, decided_to: period.today } as const;
  const review = sum(open, 'review');
  const applicant = sum(open, 'applicant');
  const steps = stepsOf(figures.steps, period);
  return block({
    id: 'figures',
    heading: 'At a glance',
    views: ['cases'],
    body: html`<dl class="figures">
${figure('Open now', link(cases({ state: 'open' }), count(sum(open))))}
${figure(
  'Waiting: check / applicant',
  html`${link(cases({ stage: 'review', state: 'open' }), count(review))} / ${link(cases({ stage: 'applicant', state: 'open' }), count(applicant))}`,
)}
${figure(
  `Decided, ${period.words}`,
  link(cases({ ...inPeriod, state: 'all' }), count(decided.decided)),
  changeText(decided.decided, decided.before, period),
)}
${figure(
  'Time to decision',
  html`${duration(decided.p50)} / ${duration(decided.p90)}`,
  html`for half / for nine in ten${decided.decided > 0 && html`<br>${sparkline(steps.map(({ p50 }) => p50))} half, by ${period.step}`}`,
)}
${figure(
  'Approved, of first decisions',
  percent(decided.approved, decided.decided),
  decided.decided > 0 &&
    html`${sparkline(steps.map((step) => (step.decided === 0 ? null : step.approved / step.decided)))} by ${period.step}`,
)}
</dl>
<p class="source">${scopeText(scope)} Decided: the first decision, approved or declined.</p>`,
  });
}

/** The cases that are counted, and those that are not. */
function scopeText({ accountId, environment, leftOut }: Scope): string {
  if (accountId !== null) return `Counted: the cases of ${accountId}.`;
  if (environment === 'test') return 'Counted: the cases of test accounts; there are no others.';
  const once =
    'A case in the lists of two accounts counts once, except in the daily and monthly tables. Charts by day and the numbers of an account leave out cases without a status.';
  return leftOut.length > 0 ? `Counted: production accounts. To see a test account, choose it above. ${once}` : once;
}

function figure(name: string, value: Content, more?: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd>${more !== undefined && more !== false && html`<dd><small>${more}</small></dd>`}</div>`;
}

/** Cases of a stage; of all stages without one. */
function sum(open: readonly OpenGroup[], stage?: string): number {
  return open.reduce((cases, group) => cases + (stage === undefined || group.stage === stage ? group.cases : 0), 0);
}

/** `▲ 4 % against the 90 days before`. */
function changeText(now: number, before: number, { words }: Period): Content {
  if (before === 0) return `none in the ${words} before`;
  const change = Math.round((now / before - 1) * 100);
  const sign = change > 0 ? '▲' : change < 0 ? '▼' : '=';
  return `${sign} ${Math.abs(change)} % against the ${words} before (${count(before)})`;
}

/** One entry for each step of the period, also where nothing was decided. */
function stepsOf(found: readonly DecidedStep[], { steps }: Period): DecidedStep[] {
  const known = new Map(found.map((step) => [step.step, step]));
  return steps.map((step) => known.get(step) ?? { step, decided: 0, approved: 0, p50: null });
}
