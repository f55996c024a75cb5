import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { type AccountStatus, accountStatus, casesByStatus } from '../store/runs/status.ts';
import { table } from './table.ts';
import { withDatabase } from './with-database.ts';

/** How each account stands: its last run, how fresh its data are, how many cases are in which status. */
export async function runStatus(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  { json, log, print }: { json: boolean; log: Log; print: (line: string) => void },
): Promise<number> {
  return withDatabase(settings, log, async (database) => {
    const accounts = await accountStatus(database);
    const statuses = await casesByStatus(database);
    if (json) {
      print(JSON.stringify({ accounts, cases_by_status: statuses }));
      return 0;
    }
    if (accounts.length === 0) {
      print('no account has been synced yet; run: cdd-sync sync');
      return 0;
    }
    print(
      table(
        accounts.map((one) => ({
          account: one.account_id,
          label: one.label ?? '',
          enabled: one.enabled ? 'yes' : 'no',
          'last run': one.last_state ?? 'never',
          started: one.last_started_at?.toISOString() ?? '',
          'minutes since success': one.minutes_since_success ?? 'never',
          cases: one.cases,
          missing: one.missing,
          rejected: one.rejected,
          error: one.last_error_code ?? '',
        })),
      ),
    );
    for (const one of accounts) for (const line of troubleOf(one)) print(`\n${line}`);
    if (statuses.length > 0) print('');
    print(
      table(
        statuses.map((one) => ({
          account: one.account_id,
          status: one.status ?? '(none yet)',
          stage: one.stage ?? '',
          cases: one.cases,
        })),
      ),
    );
    return 0;
  });
}

function troubleOf({ account_id: id, enabled, last_error_message, refusals, next_try_at }: AccountStatus): string[] {
  const said = last_error_message === null ? [] : [last_error_message];
  if (!enabled || next_try_at === null) return said;
  const held = `${id}: refused ${refusals} times in a row, so it is not tried before ${next_try_at.toISOString()}. Once that is mended, cdd-sync check ends the wait.`;
  return [...said, held];
}
