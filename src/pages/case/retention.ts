import type { CaseKey } from '../../model/case-key.ts';
import type { Clock } from '../../model/time-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { type Html, html } from '../html/html.ts';
import { dayAndTime } from '../html/time.ts';
import type { ShownCase } from './shown.ts';

type RetentionRow = {
  ended_at: Date | null;
  keep_until: Date | null;
  held_at: Date | null;
  /** Null also if the viewer may not see it. */
  hold_reason: string | null;
  state: string;
  years: number | null;
  rule: number | null;
};

async function readRetention(tx: Transaction, { accountId, caseId }: CaseKey): Promise<RetentionRow | null> {
  const [row] = await tx.$queryRaw<RetentionRow[]>`
    select ended_at, keep_until, held_at, hold_reason, state, years, rule
    from reporting.retention
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
  return row ?? null;
}

/** Until when the case is kept, and why: as known now only, since nothing keeps the rules of earlier days. */
export async function retentionPart({ tx, asked, known, clock }: ShownCase): Promise<Html> {
  const row = known.instant === null ? await readRetention(tx, asked) : null;
  // Without a text too: only a part that has been there is replaced while a person looks at the page.
  return html`<div id="retention">${row !== null && retentionText(row, clock)}</div>
`;
}

function retentionText(row: RetentionRow, clock: Clock): Html | null {
  const time = (at: Date | null) => dayAndTime(at, clock);
  const { state, held_at, hold_reason, keep_until, ended_at } = row;
  // erased.ts says it, at any known_at.
  if (state === 'erased') return null;
  if (state === 'held') {
    const reason = hold_reason === null ? '' : html`: ${hold_reason}`;
    return html`<p class="notice look">Under legal hold since ${time(held_at)}${reason}. Nothing of it is erased.${keep_until !== null && withoutHold(keep_until, clock)}</p>`;
  }
  if (state === 'due') {
    return html`<p class="notice act">Due to be erased since ${time(keep_until)}: it was kept ${periodText(row)} after it ended on ${time(ended_at)}.</p>`;
  }
  if (state === 'active')
    return row.years === null ? null : html`<p>Kept while it lasts, and ${periodText(row)} after it ends.</p>`;
  if (keep_until !== null)
    return html`<p>Kept until ${time(keep_until)}: ${periodText(row)} after it ended on ${time(ended_at)}.</p>`;
  if (row.rule === null)
    return html`<p>It has ended. Until when it is kept is known once all facts have been read again.</p>`;
  if (row.years === null) return html`<p>It has ended, and is kept for ever${ruleText(row)}.</p>`;
  return html`<p>It has ended, but no time after 1999 says when, so it is kept for ever.</p>`;
}

function withoutHold(keepUntil: Date, clock: Clock): Html {
  const until = dayAndTime(keepUntil, clock);
  return keepUntil <= clock.now
    ? html` Without the hold it would be due to be erased since ${until}.`
    : html` Without the hold it would be kept until ${until}.`;
}

/** `5 years (rule 1 of retention.cases)`. */
function periodText(row: RetentionRow): string {
  return `${row.years === 1 ? '1 year' : `${row.years} years`}${ruleText(row)}`;
}

function ruleText({ rule }: RetentionRow): string {
  return rule === 0 || rule === null ? '' : ` (rule ${rule} of retention.cases)`;
}
