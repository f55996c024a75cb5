// The words of messages. Advice and findings are those of the pages and of status.
import { accountsText, adviceOf, remedyFor } from '../../model/account-state.ts';
import { checkWords } from '../../model/check-words.ts';
import { errorWords } from '../../model/error-words.ts';
import type { NoticeKind, NoticePhase } from '../../model/notice.ts';
import { casesText, count } from '../../model/number-text.ts';

/** Accounts of which a message says the same. */
export type Subject = {
  /** `P12345678 (Acme)`, or null if there are several. */
  name: string | null;
  accountId: string | null;
  accounts: number;
  items: number;
  newItems: number;
  code: string | null;
};

type KindWords = {
  /** A sentence without its full stop, for something that began or still is so. */
  now: (subject: Subject, still: string) => string;
  /** The same for its end. */
  over: (subject: Subject) => string;
  /** Completes "nothing more is told about …". */
  topic: string;
  remedy: (subject: Subject) => string;
};

const who = ({ name, accounts }: Subject) => name ?? accountsText(accounts);
const be = ({ accounts }: Subject) => (accounts === 1 ? 'is' : 'are');
const casesAre = (items: number) => `${casesText(items)} ${items === 1 ? 'is' : 'are'}`;
const reviewsAre = (items: number) => (items === 1 ? '1 periodic review is' : `${count(items)} periodic reviews are`);
const because = (cause: string, code: string | null) => `: ${cause}${code === null ? '' : ` (${code})`}`;

/** Of items without a readable id: nobody knows which case is meant, so none is marked missing. */
const heldBack = (code: string | null) => (code === null ? '' : `; ${errorWords(code).cause} (${code})`);

const NO_LONGER = 'any more';

const WORDS: Record<NoticeKind, KindWords> = {
  account_stale: {
    now: (subject, still) =>
      `${who(subject)} ${be(subject)} ${still}late${because(lateness(subject).cause, subject.code)}`,
    over: (subject) => `${who(subject)} ${be(subject)} fresh again`,
    topic: 'late data',
    remedy: (subject) => lateness(subject).remedy,
  },
  run_failing: {
    now: (subject, still) => `Runs of ${who(subject)} ${still}fail${because(failure(subject).cause, subject.code)}`,
    over: (subject) => `Runs of ${who(subject)} succeed again`,
    topic: 'failing runs',
    remedy: (subject) => failure(subject).remedy,
  },
  mass_disappearance: {
    now: (subject, still) =>
      still === ''
        ? `${who(subject)}: ${casesText(subject.items)} left the list at once; none was marked missing`
        : `${who(subject)}: ${casesAre(subject.items)} still held back`,
    over: (subject) => `${who(subject)}: no cases are held back ${NO_LONGER}`,
    topic: 'cases that are held back',
    remedy: () => errorWords('MASS_DISAPPEARANCE').remedy,
  },
  rejected_items: {
    now: (subject, still) =>
      `${who(subject)}: ${still}${checkWords('rejected_items', subject.items).finding}${heldBack(subject.code)}`,
    over: (subject) => `${who(subject)}: all items of the list can be read again`,
    topic: 'items that cannot be read',
    remedy: ({ items }) => checkWords('rejected_items', items).remedy,
  },
  unknown_status: {
    now: (subject, still) =>
      `${who(subject)}: ${still}${checkWords('unknown_statuses', subject.items).finding}${subject.code === null ? '' : `, such as “${subject.code}”`}`,
    over: (subject) => `${who(subject)}: no case is in a status that Dintero does not document ${NO_LONGER}`,
    topic: 'cases in an unknown status',
    remedy: ({ items }) => checkWords('unknown_statuses', items).remedy,
  },
  target_breached: {
    now: (subject, still) =>
      `${who(subject)}: ${casesAre(subject.items)} ${still}past the target of ${subject.items === 1 ? 'its' : 'their'} status`,
    over: (subject) => `${who(subject)}: no case is past the target of its status ${NO_LONGER}`,
    topic: 'cases past their target',
    remedy: ({ items }) => `Decide ${items === 1 ? 'it' : 'them'} at Dintero, or ask the applicant there.`,
  },
  review_due: {
    now: (subject, still) => `${who(subject)}: ${reviewsAre(subject.items)} ${still}due soon or overdue`,
    over: (subject) => `${who(subject)}: no periodic review is due ${NO_LONGER}`,
    topic: 'periodic reviews',
    remedy: ({ items }) => `Review ${items === 1 ? 'the customer' : 'the customers'} at Dintero.`,
  },
  approval_lost: {
    now: (subject) =>
      `${who(subject)}: ${casesText(subject.items)} lost ${subject.items === 1 ? 'its' : 'their'} approval, or got another decision than before`,
    over: (subject) => `${who(subject)}: no approval was lost`,
    topic: 'lost approvals',
    remedy: ({ items }) =>
      `Look at ${items === 1 ? 'the case' : 'the cases'}: does the customer still have services that need an approval?`,
  },
  erasure_due: {
    now: (subject, still) =>
      `${who(subject)}: the time of ${casesText(subject.items)} is over, and ${subject.items === 1 ? 'it is' : 'they are'} ${still}not erased`,
    over: (subject) => `${who(subject)}: no case is due to be erased ${NO_LONGER}`,
    topic: 'cases that are due to be erased',
    remedy: ({ items }) =>
      `Look at ${items === 1 ? 'it' : 'them'}, hold what must stay, then run "cdd-sync erase --account ID --due".`,
  },
  digest: {
    now: (subject) =>
      subject.accounts === 1
        ? `${who(subject)}: the digest of its history`
        : `The digests of the histories of ${who(subject)}`,
    over: (subject) => `${who(subject)}: no digest`,
    topic: 'digests',
    remedy: () =>
      'Keep this message where no administrator of the database can change it: "cdd-sync verify --expect" then finds whether the history was rewritten.',
  },
};

function lateness({ code }: Subject): { cause: string; remedy: string } {
  return adviceOf('late', code) ?? errorWords(code ?? '');
}

function failure({ code }: Subject): { cause: string; remedy: string } {
  return code === null
    ? { cause: 'they ended without saying why', remedy: 'The log of cdd-sync has more about it.' }
    : errorWords(code);
}

/** The sentence of a section, without its full stop. */
export function headingOf(kind: NoticeKind, phase: NoticePhase, subject: Subject): string {
  const words = WORDS[kind];
  if (phase === 'over') return words.over(subject);
  if (phase === 'unwatched') {
    const state = subject.code === 'paused' ? 'paused' : 'no longer read';
    return `${who(subject)} ${be(subject)} ${state}: nothing more is told about ${words.topic}`;
  }
  const more = phase === 'more' ? `, ${count(subject.newItems)} of them since the last message` : '';
  return `${words.now(subject, phase === 'began' ? '' : 'still ')}${more}`;
}

/** The next step of a person, null if there is none. */
export function remedyOf(kind: NoticeKind, phase: NoticePhase, subject: Subject): string | null {
  if (phase === 'over') return null;
  if (phase === 'unwatched') return subject.code === 'paused' ? 'It is judged again when its runs go on.' : null;
  const { accountId } = subject;
  return remedyFor(WORDS[kind].remedy(subject), accountId === null ? [] : [{ account_id: accountId }]);
}
