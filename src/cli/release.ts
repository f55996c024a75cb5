import { readHeldCase } from '../store/ledger/hold/held-case.ts';
import { releaseCase } from '../store/ledger/hold/holds.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { findHoldable } from './hold/find.ts';
import { holdRows } from './hold/rows.ts';
import { notHeldLines, releasedLines } from './hold/text.ts';
import { type HoldOptions, SHOWN } from './hold.ts';
import { loginName } from './login-name.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { reasonOf } from './reason.ts';
import { jsonForm, printJson } from './terminal/json.ts';
import { styleOf } from './terminal/style.ts';

/** Ends the legal hold of a case. Repeating it changes nothing. */
export async function runRelease(id: string, options: HoldOptions, context: ProcessContext): Promise<void> {
  const reason = reasonOf(options.reason, SHOWN);
  const { settings, log } = await readLookSettings(context);
  await withDatabase(settings, log, async (database) => {
    const key = await findHoldable(database, { id, account: options.account, verb: 'release' });
    const hold = await releaseCase(database, { ...key, reason, by: loginName(context.variables) });
    const form = jsonForm(options);
    if (form !== null) return printJson(await holdRows(database, key), form, context.print);
    const shown = { key, clock: await readClock(database), style: styleOf(context) };
    const lines = hold === null ? notHeldLines(shown) : releasedLines(hold, await readHeldCase(database, key), shown);
    for (const line of lines) context.print(line);
  });
}
