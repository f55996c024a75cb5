import { closestMatch } from '../../config/spelling.ts';
import { type CaseKey, parseCaseName } from '../../model/case-key.ts';
import { count } from '../../model/number-text.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { Prisma, type Transaction } from '../../store/postgres/pool.ts';

type Candidate = { account_id: string; account_label: string | null; case_id: string; status: string | null };

/** Digits of the beginning of an id that are enough. Fewer are probably no id. */
const FEWEST_DIGITS = 8;
const DIGITS = 32;
const MOST_LISTED = 20;

/**
 * The case of an id, of `account/id`, or of the beginning of one.
 * @throws UsageError when there is none, or several; these are listed.
 */
export async function findCase(tx: Transaction, text: string, accounts: readonly string[]): Promise<CaseKey> {
  const { accountId: account, caseId } = parseCaseName(text);
  const digits = caseId.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]*$/.test(digits) || digits.length < FEWEST_DIGITS || digits.length > DIGITS) {
    throw new UsageError(
      `${visibleLine(text)} is not the id of a case: it has 36 characters, of which the first ${FEWEST_DIGITS} are enough; ACCOUNT/ID is understood too`,
    );
  }
  const candidates = await readCandidates(tx, digits, account === null ? accounts : [account]);
  const [found, ...others] = candidates;
  if (found === undefined) throw await missingError(tx, text, account);
  if (others.length > 0) throw new UsageError(severalText(text, candidates));
  return { accountId: found.account_id, caseId: found.case_id };
}

/** By range, which an index of the ids answers. */
function readCandidates(tx: Transaction, digits: string, accounts: readonly string[]): Promise<Candidate[]> {
  const ofAccounts = Prisma.sql`and account_id = any(${[...accounts]}::text[])`;
  return tx.$queryRaw<Candidate[]>`
    select account_id, account_label, case_id::text, status
    from reporting.cases
    where case_id between ${digits.padEnd(DIGITS, '0')}::uuid and ${digits.padEnd(DIGITS, 'f')}::uuid
      ${accounts.length === 0 ? Prisma.empty : ofAccounts}
    order by account_id, case_id
    limit ${MOST_LISTED + 1}`;
}

async function missingError(tx: Transaction, text: string, account: string | null): Promise<UsageError> {
  const known = await tx.$queryRaw<{ account_id: string; cases: number }[]>`
    select account_id, cases from reporting.accounts`;
  if (known.every(({ cases }) => cases === 0)) {
    return new UsageError('There is no case in the database yet; run: cdd-sync sync');
  }
  const ids = known.map(({ account_id }) => account_id);
  const isUnknown = account !== null && !ids.includes(account);
  const meant = isUnknown ? closestMatch(account, ids) : null;
  const advice = meant === null ? '' : ` Did you mean account ${meant}?`;
  return new UsageError(`There is no case ${visibleLine(text)}, or you may not see it.${advice}`);
}

function severalText(text: string, candidates: readonly Candidate[]): string {
  const listed = candidates.slice(0, MOST_LISTED).map(({ account_id, account_label, case_id, status }) => {
    const words = [`${account_id}/${case_id}`, account_label ?? '', status ?? 'no status yet'];
    return `  ${words
      .filter((word) => word !== '')
      .map(visibleLine)
      .join('  ')}`;
  });
  const isMore = candidates.length > MOST_LISTED;
  const number = isMore ? `More than ${MOST_LISTED}` : count(candidates.length);
  return [`${number} cases fit ${visibleLine(text)}; name one of them:`, ...listed, ...(isMore ? ['  …'] : [])].join(
    '\n',
  );
}
