import { CHAIN_WORDS } from './chain-words.ts';
import type { TableWords } from './table-words.ts';

const RECORDED = [
  ['recorded_at', 'Learned'],
  ['superseded_at', 'Believed until'],
] as const;

/** By the table's name. */
export const TABLE_WORDS: Readonly<Record<string, TableWords>> = {
  timeline: {
    heading: "The case's story",
    about: 'Each thing that happened to the case, or was learned of it, in the order in which it happened.',
    empty: 'Nothing had been recorded.',
    shown: [['at', 'Happened'], ['title', 'What'], ...RECORDED],
  },
  decisions: {
    heading: 'Decisions',
    about:
      'Each change of status by which the case was approved or declined. The route is manual if a person reviewed the case before.',
    empty: 'The case had not been decided.',
    shown: [
      ['number', 'Number'],
      ['decision', 'Decision'],
      ['status', 'Status'],
      ['route', 'Route'],
      ['opened_at', 'Opened'],
      ['decided_at', 'Decided'],
      ['left_at', 'Held until'],
    ],
  },
  reviews: {
    heading: 'Reviews',
    about: 'Each stay of the case in a status in which it is checked.',
    empty: 'The case had not been reviewed.',
    shown: [
      ['entered_at', 'From'],
      ['left_at', 'To'],
      ['status', 'Status'],
      ['next_status', 'Then'],
    ],
  },
  documents: {
    heading: 'Documents',
    about:
      "Each document that Dintero's API returned for the case. Valid: from Dintero's own time of the change to that of the next document. Missing: a complete list was read, and the case was not in it.",
    empty: 'No document had been recorded.',
    shown: [
      ['number', 'Number'],
      ['file', 'File'],
      ['state', 'In the list'],
      ['valid_from', 'Valid from'],
      ['valid_until', 'Valid until'],
      ...RECORDED,
    ],
  },
  events: {
    heading: 'Events',
    about: 'Each event of the case, with each content that it has had. The file in JSON has the events as received.',
    empty: 'No event had been recorded.',
    shown: [
      ['event_id', 'Id'],
      ['event', 'Event'],
      ['status', 'Status'],
      ['occurred_at', 'Happened'],
      ['error', 'Error'],
      ...RECORDED,
    ],
  },
  transitions: {
    heading: 'Changes of status',
    about:
      'Derived from the events. A change that turned out to be another one stays here, with the time of the correction.',
    empty: 'No status had been recorded.',
    shown: [
      ['sequence', 'Number'],
      ['from_status', 'From'],
      ['to_status', 'To'],
      ['occurred_at', 'Happened'],
      ...RECORDED,
    ],
  },
  'changed-fields': {
    heading: 'Changed fields',
    about: 'Each field that differs between one document and the one before.',
    empty: 'No field had changed.',
    shown: [
      ['field', 'Field'],
      ['old_value', 'Before'],
      ['new_value', 'After'],
      ['recorded_at', 'Learned'],
    ],
  },
  facts: {
    heading: 'Facts',
    about: "Values that the sender's configuration of cdd-sync reads from the documents.",
    empty: 'No facts are configured.',
    shown: [['fact', 'Fact'], ['value', 'Value'], ['problem', 'Why there is none'], ...RECORDED],
  },
  problems: {
    heading: 'Values that are not as documented',
    about: "Places in a document whose value is not as Dintero's API documents it. The document itself is complete.",
    empty: 'All values were as documented.',
    shown: [['path', 'Place'], ['reason', 'Problem'], ...RECORDED],
  },
  'rejected-items': {
    heading: 'Items that could not be read',
    about:
      'Answers of the API about this case that could not be read as a document, so they are not among the documents.',
    empty: 'Every item was read, or those that were not are no longer kept.',
    shown: [
      ['first_seen_at', 'First seen'],
      ['path', 'Place'],
      ['reason', 'Problem'],
    ],
  },
  runs: {
    heading: 'Runs',
    about:
      'The runs of cdd-sync that recorded something of the case. A run that found it unchanged records nothing of it. Runs are kept for a limited time; of an older one only the id is left.',
    empty: 'No run had recorded it.',
    shown: [
      ['run_id', 'Run'],
      ['recorded_at', 'Recorded'],
      ['trigger', 'Cause'],
      ['state', 'Result'],
      ['complete', 'Whole list read'],
    ],
  },
  holds: {
    heading: 'Legal holds',
    about: 'While a case is held, nothing of it is erased.',
    empty: 'The case had not been held.',
    shown: [
      ['held_at', 'Held'],
      ['reason', 'Reason'],
      ['released_at', 'Released'],
      ['release_reason', 'Reason of the release'],
    ],
  },
  receipts: {
    heading: 'Erasures',
    about:
      'Receipts of personal data that was removed from all tables, also after the time above: what is not here any more was removed by one of them. Ids, statuses and times stay.',
    empty: 'Nothing of the case was erased.',
    shown: [
      ['erased_at', 'Erased'],
      ['kind', 'Extent'],
      ['reason', 'Reason'],
      ['is_before_time', 'Before its time'],
      ['kinds', 'Values removed'],
      ['link_number', 'Link'],
    ],
  },
  ...CHAIN_WORDS,
};

/** Values that are left out of the evidence, and the reasons. */
export const LEFT_OUT_WORDS: readonly string[] = [
  'Links to sign a contract, since a link lets its holder sign. Each stands as "[left out: a signing link]".',
  'Numbers of business hours and dates of the next review: they depend on settings of today.',
  'What was recorded later than the time above, and other cases, apart from their digests.',
];
