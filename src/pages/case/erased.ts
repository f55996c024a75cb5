import type { Transaction } from '../../store/postgres/pool.ts';
import { type Html, html } from '../html/html.ts';
import { dayAndTime } from '../html/time.ts';
import type { Asked } from './queries.ts';
import type { ShownCase } from './shown.ts';

type ReceiptRow = {
  erased_at: Date;
  reason: string | null;
  is_before_time: boolean;
  erased_by: string;
  link_number: number;
};

/** Says that the case was erased, at any known_at: its personal data is in no version any more. Null = it was not. */
export async function erasedText({
  tx,
  asked,
  clock,
}: Pick<ShownCase, 'tx' | 'asked' | 'clock'>): Promise<Html | null> {
  const receipt = await readReceipt(tx, asked);
  if (receipt === null) return null;
  const { erased_at, reason, is_before_time, erased_by, link_number } = receipt;
  const why = is_before_time
    ? `before its time${reason === null ? '' : `: ${reason}`}`
    : (reason ?? 'its time was over');
  return html`<p class="notice look">Personal data erased on ${dayAndTime(erased_at, clock)} by ${erased_by} (${why}), in every version. Statuses and times stay. Receipt: link ${link_number} of the digest chain, view erasures.</p>`;
}

async function readReceipt(tx: Transaction, { accountId, caseId }: Asked): Promise<ReceiptRow | null> {
  const [row] = await tx.$queryRaw<ReceiptRow[]>`
    select erased_at, reason, is_before_time, erased_by, link_number
    from reporting.erasures
    where account_id = ${accountId} and case_id = ${caseId}::uuid and kind = 'erased'
    order by erased_at
    limit 1`;
  return row ?? null;
}
