import { type Content, type Html, html } from '../../pages/html/html.ts';
import { link } from '../../pages/html/link.ts';
import type { EvidenceCase } from '../../store/ledger/evidence/case.ts';
import { isoTime, type Row } from '../reports/cells.ts';
import { timeText } from './page-tables.ts';
import { openHold, type ReadTable, rowsOf } from './tables.ts';

type Notice = { level: 'act' | 'look'; words: Content };

/** Notices at the top of the page: erased, under legal hold, a test case, also in another account. */
export function notices(evidence: EvidenceCase, tables: readonly ReadTable[]): Html {
  const { account_id, other_accounts } = evidence;
  const hold = openHold(tables);
  const notes: (Notice | false)[] = [
    removal(evidence, rowsOf(tables, 'receipts')),
    hold !== undefined && {
      level: 'look',
      words: `Under legal hold since ${timeText(isoTime(hold.held_at ?? ''))} UTC: ${hold.reason ?? ''}`,
    },
    account_id.startsWith('T') && {
      level: 'look',
      words: 'This is a case of a test account: it is about no real customer.',
    },
    other_accounts.length > 0 && {
      level: 'look',
      words: `The same case is also in the lists of ${other_accounts.join(', ')}. Here is only what was recorded of it for ${account_id}.`,
    },
  ];
  return html`${notes.map((note) => note !== false && html`<p class="notice ${note.level}">${note.words}</p>`)}`;
}

/** Why values are not there any more. */
function removal({ erased_at }: EvidenceCase, receipts: readonly Row[]): Notice | false {
  const receipt = html`by the receipt under ${link('#receipts', 'Erasures')}`;
  if (erased_at !== null) {
    return {
      level: 'act',
      words: html`This case was erased at ${timeText(erased_at)} UTC: personal data was removed from the documents and from every
table, ${receipt}. Ids, statuses and times are as they were.`,
    };
  }
  const reduced = receipts.findLast(({ kind }) => kind === 'reduced');
  return (
    reduced !== undefined && {
      level: 'look',
      words: html`The documents were reduced at ${timeText(isoTime(reduced.erased_at ?? ''))} UTC to the fields that the sender keeps,
${receipt}.`,
    }
  );
}
