import type { EvidenceCase } from '../../store/ledger/evidence/case.ts';
import type { Kept, WrittenFile } from './folder.ts';
import { openHold, type ReadTable, rowsOf } from './tables.ts';

/** What was written, under the names that --json prints. */
export type Written = {
  account_id: string;
  case_id: string;
  known_at: string;
  made_by: string | null;
  folder: string;
  files: number;
  bytes: number;
  zip: string | null;
  zip_bytes: number | null;
  /** When it was erased; null = it was not. */
  erased_at: string | null;
  erasure_reason: string | null;
  /** The reason of the hold under which it was then; null = it was not held. */
  hold_reason: string | null;
  other_accounts: readonly string[];
};

type Made = {
  evidence: EvidenceCase;
  tables: readonly ReadTable[];
  files: readonly WrittenFile[];
  kept: Kept;
  madeBy: string | null;
};

/** A summary of the evidence, for the terminal and for programs. */
export function writtenOf({ evidence, tables, files, kept, madeBy }: Made): Written {
  return {
    account_id: evidence.account_id,
    case_id: evidence.case_id,
    known_at: evidence.known_at,
    made_by: madeBy,
    folder: kept.folder,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    zip: kept.zip?.path ?? null,
    zip_bytes: kept.zip?.bytes ?? null,
    erased_at: evidence.erased_at,
    erasure_reason: rowsOf(tables, 'receipts').findLast(({ kind }) => kind === 'erased')?.reason ?? null,
    hold_reason: openHold(tables)?.reason ?? null,
    other_accounts: evidence.other_accounts,
  };
}
