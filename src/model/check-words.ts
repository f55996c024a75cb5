import { counted } from './counted.ts';
import { casesText, count } from './number-text.ts';

/** A finding of reporting.data_quality in a person's words. */
export type CheckWords = { finding: string; remedy: string };

type Words = (items: number) => CheckWords;

const be = (items: number) => (items === 1 ? 'is' : 'are');
const have = (items: number) => (items === 1 ? 'has' : 'have');

const NOTHING = 'Nothing has to be done.';

const words: Record<string, Words> = {
  unknown_statuses: (items) => ({
    finding: `${casesText(items)} ${be(items)} in a status that Dintero does not document`,
    remedy: 'Such a case counts as open. Ask Dintero what the status means; cdd-sync needs a newer version to know it.',
  }),
  rejected_items: (items) => ({
    finding: `${count(items)} ${items === 1 ? 'item' : 'items'} of the list cannot be read`,
    remedy: `${items === 1 ? 'Its case stays as it was' : 'Their cases stay as they were'}. Run "cdd-sync rejected" to see where and why, and ask Dintero to correct ${items === 1 ? 'it' : 'them'}.`,
  }),
  unreadable_fields: (items) => ({
    finding: `${counted(items, 'field')} of cases ${be(items)} not as Dintero documents ${items === 1 ? 'it' : 'them'}`,
    remedy: 'The columns are empty; the documents are kept whole. Each case says which of its fields they are.',
  }),
  vanished_events: (items) => ({
    finding: `${counted(items, 'event')} of cases ${have(items)} disappeared at Dintero`,
    remedy: 'cdd-sync keeps what it had learned. Ask Dintero if there are many.',
  }),
  backward_moves: (items) => ({
    finding: `cases went back to an earlier status ${items === 1 ? 'once' : `${count(items)} times`}`,
    remedy: `This happens when an applicant must correct something. ${NOTHING}`,
  }),
  case_under_two_accounts: (items) => ({
    finding: `${casesText(items)} ${be(items)} in the list of another account too`,
    remedy: 'Totals over all accounts count such a case once. If it should not be so, ask Dintero.',
  }),
  missing_times: (items) => ({
    finding: `${counted(items, 'change')} of status ${have(items)} no time of ${items === 1 ? 'its' : 'their'} own`,
    remedy: `Times of neighbouring events are used. ${NOTHING}`,
  }),
  long_detection_lag: (items) => ({
    finding: `${counted(items, 'change')} of status of the last 90 days ${items === 1 ? 'was' : 'were'} learned more than a day late`,
    remedy: 'Months that were reported already may have changed: compare them on the pages of the months.',
  }),
  implausible_times: (items) => ({
    finding: `${casesText(items)} ${have(items)} a time that cannot be right`,
    remedy: 'They are left out of daily and monthly figures until Dintero corrects the time.',
  }),
  reports_behind: (items) => ({
    finding: `${counted(items, 'change')} ${have(items)} not reached the daily and monthly figures for more than three hours`,
    remedy:
      'The figures are older than the cases. The next run catches up; if it does not, look at the log of the worker.',
  }),
  reports_failed: () => ({
    finding: 'the daily and monthly figures stand still',
    remedy: 'Each run tries again. "Reports" in "cdd-sync status" and the log of the worker say why.',
  }),
  clock_ahead: (items) => ({
    finding: `${counted(items, 'time')} ${items === 1 ? 'was' : 'were'} recorded in the future, because the clock of the database was ahead`,
    remedy: 'Set the clock of the database right. Until that time has come, changes are recorded after it.',
  }),
  never_listed: () => ({
    finding: 'no case was ever archived, terminated or deleted',
    remedy: 'Perhaps Dintero leaves such cases out of the list, so that they look missing. Ask Dintero.',
  }),
  unreadable_facts: (items) => ({
    finding: `${counted(items, 'configured fact')} of cases ${have(items)} no value`,
    remedy: 'Correct the paths in reports.facts, if the cases should have one.',
  }),
};

/** The meaning of a check; one of a newer version is named as it is. */
export function checkWords(name: string, items: number): CheckWords {
  const known = Object.entries(words).find(([check]) => check === name)?.[1];
  return (
    known?.(items) ?? { finding: `${name}: ${count(items)}`, remedy: 'The page of the view data_quality says more.' }
  );
}
