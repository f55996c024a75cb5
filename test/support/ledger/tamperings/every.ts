import type { ChainedCases } from '../chained-history.ts';
import { chainTamperings } from './chain.ts';
import { receiptsTamperings } from './receipts.ts';
import { rowsTamperings } from './rows.ts';
import type { Tampering } from './tampering.ts';
import { timesTamperings } from './times.ts';
import { valuesTamperings } from './values.ts';

/** Every kind of change that a superuser can make. */
export function everyTampering(cases: ChainedCases): Tampering[] {
  return [valuesTamperings, rowsTamperings, timesTamperings, chainTamperings, receiptsTamperings].flatMap((make) =>
    make(cases),
  );
}
