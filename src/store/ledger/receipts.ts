import type { Transaction } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';

/** A receipt: a row of cdd.erasures. Times are as Postgres writes them. */
export type Receipt = {
  caseId: string;
  kind: 'erased' | 'reduced';
  erasedAt: string;
  reason: string | null;
  isBeforeTime: boolean;
  keptUntil: string | null;
  /** How many values of each kind were removed. */
  kinds: Readonly<Record<string, number>>;
  /** `cdd.case_snapshot_digest` of the case after the removal. */
  digest: Buffer;
  /** The link of the account's digest chain that contains it. */
  linkNumber: number;
};

/** A receipt that is not stored yet. */
type NewReceipt = Omit<Receipt, 'erasedAt' | 'linkNumber'>;

/** When the values were removed, and the login name of the user who did it. */
type Removal = { accountId: string; erasedAt: string; by: string | null };

/**
 * Adds receipts and their link of the account's digest chain; returns the link's number. The receipts come first into the
 * link's content, because their rows refer to it.
 */
export async function addReceipts(
  tx: Transaction,
  { accountId, erasedAt, by }: Removal,
  receipts: readonly NewReceipt[],
): Promise<number> {
  const rows = receipts.map((receipt) => ({
    account_id: accountId,
    case_id: receipt.caseId,
    erased_at: erasedAt,
    kind: receipt.kind,
    reason: receipt.reason,
    is_before_time: receipt.isBeforeTime,
    kept_until: receipt.keptUntil,
    kinds: receipt.kinds,
    erased_by: by,
    digest: `\\x${receipt.digest.toString('hex')}`,
  }));
  const { number } = onlyRow(
    await tx.$queryRaw<{ number: number }[]>`
      select
        cdd.add_link(
          ${accountId},
          'receipts',
          null,
          sha256(string_agg(cdd.receipt_bytes(receipt), '' order by receipt.case_id, receipt.erased_at))
        ) as number
      from (
        select new_row || jsonb_build_object('erased_role', session_user) as new_row
        from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as new_row
      ) as new_rows
      cross join jsonb_populate_record(null::cdd.erasures, new_rows.new_row) as receipt`,
  );
  await tx.$executeRaw`
    insert into cdd.erasures (
      account_id, case_id, erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, erased_role, digest,
      link_number
    )
    select
      account_id, case_id, erased_at, kind, reason, is_before_time, kept_until, kinds, erased_by, session_user, digest,
      ${number}
    from jsonb_populate_recordset(null::cdd.erasures, ${JSON.stringify(rows)}::jsonb)`;
  return number;
}
