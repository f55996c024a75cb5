import { readHeldCase } from '../store/ledger/hold/held-case.ts';
import { holdCase } from '../store/ledger/hold/holds.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { findHoldable } from './hold/find.ts';
import { holdRows } from './hold/rows.ts';
import { alreadyHeldLines, erasedText, heldLines } from './hold/text.ts';
import { loginName } from './login-name.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { reasonOf } from './reason.ts';
import { type JsonOptions, jsonForm, printJson } from './terminal/json.ts';
import { styleOf } from './terminal/style.ts';

export type HoldOptions = JsonOptions & { account?: string; reason: string };

/** Where a reason is seen. */
export const SHOWN = 'with the case, and is kept for good';

/** Puts a case under legal hold. Repeating it changes nothing. The exit code is 1 for an erased case. */
export async function runHold(id: string, options: HoldOptions, context: ProcessContext): Promise<void> {
  const reason = reasonOf(options.reason, SHOWN);
  const { settings, log } = await readLookSettings(context);
  await withDatabase(settings, log, async (database) => {
    const key = await findHoldable(database, { id, account: options.account, verb: 'hold' });
    const outcome = await holdCase(database, { ...key, reason, by: loginName(context.variables) });
    const shown = { key, clock: await readClock(database), style: styleOf(context) };
    if (outcome.kind === 'erased') {
      context.printError(erasedText(outcome.erasedAt, shown));
      context.setExitCode(1);
      return;
    }
    const form = jsonForm(options);
    if (form !== null) return printJson(await holdRows(database, key), form, context.print);
    const lines =
      outcome.kind === 'held'
        ? heldLines(outcome.hold, await readHeldCase(database, key), shown)
        : alreadyHeldLines(outcome.hold, shown);
    for (const line of lines) context.print(line);
  });
}
