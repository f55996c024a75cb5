import { needOf, stateOf } from '../../model/account-state.ts';
import { checkWords } from '../../model/check-words.ts';
import { errorWords } from '../../model/error-words.ts';
import { holdText } from '../../model/hold.ts';
import { count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { sentence } from '../../pages/html/sentence.ts';
import { failedReportsText } from '../../store/reports/failures.ts';
import { paint, type Style } from '../terminal/style.ts';
import { timeText } from '../terminal/time.ts';
import { wrap } from '../terminal/wrap.ts';
import type { ShownAccount, Status } from './read.ts';

const LABEL_WIDTH = 10;
/** Lines of one kind: a thousand accounts mostly have one problem. */
const MOST_LINES = 5;

/** Facts about the program: its work now, its next run, and the obstacles in its way. */
export function factLines(status: Status, style: Style): string[] {
  const facts: Record<string, readonly string[]> = {
    'Next run': nextRun(status),
    Unseen: unseenFacts(status),
    Workers: workerFacts(status),
    Runs: runFacts(status),
    Failed: status.accounts.flatMap((account) => failureFacts(account)),
    Waiting: status.holds.map(
      (hold) => `${holdText(hold, (at) => timeText(at, status.clock))}. If it was lifted earlier, run cdd-sync check.`,
    ),
    Refused: status.accounts.flatMap((account) => refusalFacts(account, status)),
    Reports: status.accounts.flatMap((account) => reportFacts(account, status)),
    Fields: fieldFacts(status.accounts),
  };
  return Object.entries(facts).flatMap(([label, lines]) => labelled(label, shortened(lines), style));
}

function labelled(label: string, facts: readonly string[], style: Style): string[] {
  const lines = facts.flatMap((fact) => wrap(visibleLine(fact), style.width - LABEL_WIDTH));
  return lines.map((line, index) => paint(style, 'dim', (index === 0 ? label : '').padEnd(LABEL_WIDTH)) + line);
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `${count(lines.length - MOST_LINES)} more: cdd-sync status --json has all`];
}

function nextRun({ accounts, clock }: Status): string[] {
  const next = accounts.flatMap(({ account_id: id, enabled, next_run_at: at }) =>
    enabled && at !== null ? [{ id, at }] : [],
  );
  const [first, ...later] = next.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  if (first === undefined) return ['none: no account is read'];
  const others = later.filter(({ at }) => at.getTime() === first.at.getTime()).length;
  return [`${first.id}${others === 0 ? '' : ` and ${count(others)} more`}: due ${timeText(first.at, clock)}`];
}

/** The needs above leave these accounts out, which must not look as if nothing were wrong with them. */
function unseenFacts({ limitedRole: role }: Status): string[] {
  if (role === null) return [];
  return [
    `the grants of role ${role} leave accounts out, so what their cases and data need is not said. An administrator runs: cdd-sync grant-reader --role ${role} --all`,
  ];
}

function workerFacts({ workers, clock }: Status): string[] {
  if (workers === null) return ['not to be seen: the role may not read the schema of the queue'];
  if (workers.length === 0) return ['none is running; start one with cdd-sync start, or read once with cdd-sync sync'];
  return workers.map(({ host, pid, startedAt }) => `${host}, process ${pid}, since ${timeText(startedAt, clock)}`);
}

function runFacts({ runs, clock }: Status): string[] {
  return runs.map(
    ({ accountId, startedAt, heartbeatSeconds }) =>
      `${accountId} since ${timeText(startedAt, clock)}, last heartbeat ${heartbeatSeconds} s ago`,
  );
}

/** An error that needs no person yet, because the account is still fresh. The other errors stand above. */
function failureFacts(account: ShownAccount): string[] {
  const { account_id: id, enabled, last_error_code: code, last_error_message: message } = account;
  if (!enabled || code === null || needOf(stateOf(account)) !== null) return [];
  return [`${id}: ${errorWords(code).cause} (${code}). ${message ?? ''}`];
}

function refusalFacts(
  { account_id: id, enabled, refusals, next_try_at: at }: ShownAccount,
  { clock }: Status,
): string[] {
  if (!enabled || at === null) return [];
  return [
    `${id}: Dintero refused it ${refusals} times in a row; the worker tries again at ${timeText(at, clock)}. ` +
      'After correcting the cause, run cdd-sync check: if it succeeds, the worker need not wait any longer.',
  ];
}

function reportFacts(account: ShownAccount, { clock }: Status): string[] {
  const { account_id: accountId, reports_failing_since: since, reports_error_message: message } = account;
  if (since === null || message === null) return [];
  return [failedReportsText({ accountId, since, message }, (at) => timeText(at, clock))];
}

function fieldFacts(accounts: readonly ShownAccount[]): string[] {
  const fields = accounts.reduce((sum, account) => sum + account.unreadable_fields, 0);
  if (fields === 0) return [];
  const { finding } = checkWords('unreadable_fields', fields);
  return [
    `${sentence(finding)} They are empty in the reports if they cannot be read; reporting.case_problems names the places.`,
  ];
}
