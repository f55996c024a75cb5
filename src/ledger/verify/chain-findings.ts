// Findings about the chain, in plain words.
import type { BrokenBatch } from '../../store/ledger/verify/batches.ts';
import type { BrokenContent } from '../../store/ledger/verify/contents.ts';
import type { BrokenLink } from '../../store/ledger/verify/links.ts';
import type { DatedBack } from '../../store/ledger/verify/order.ts';
import type { BrokenTombstone } from '../../store/ledger/verify/tombstones.ts';
import { type Finding, finding } from './finding.ts';

/** A link that was changed, or does not continue the one before. */
export function linkFinding({ problem, number, before, linkedAt, runId }: BrokenLink): Finding {
  const texts = {
    digest: 'was changed: its digest is not that of its columns',
    gap: `comes after link ${before}: ${before + 1 === number - 1 ? `link ${before + 1} is` : `links ${before + 1} to ${number - 1} are`} gone`,
    previous: `contains another digest of link ${before}: that link was changed, and its digest was computed again`,
    order: `is not later than link ${before}`,
  };
  return finding({ table: 'digest_links', linkNumber: number, runId, recordedAt: linkedAt, problem: texts[problem] });
}

/** A published digest that the chain does not contain. */
export function publishedFinding(number: number, { hasLink, newest }: { hasLink: boolean; newest: number }): Finding {
  const problem = hasLink
    ? 'was published with another digest: the chain was written anew after that'
    : newest === 0
      ? 'was published, and the account has no links here: they were removed, or this is another database'
      : number > newest
        ? `was published, and the chain ends with link ${newest}: its end was removed after that, and maybe the rows too`
        : 'was published, and is gone';
  return finding({ table: 'digest_links', linkNumber: number, problem });
}

/** The table of the rows that links are about, and the words by problem; a link of kind begin always has rows. */
const contentWords = {
  begin: {
    table: 'case_revisions',
    differs: 'rows from before the chain, of this or another table of the history, were added or removed',
    'no rows': 'all rows from before the chain are gone',
    'no link': '',
  },
  run: {
    table: 'batch_digests',
    differs: 'the batches of this run were changed, added or removed after the link was made',
    'no rows': 'the batches of this run are gone',
    'no link': 'there is no link for the batches of this run: it is gone, or they were added by hand',
  },
  receipts: {
    table: 'erasures',
    differs: 'the receipts of this link were changed, added or removed after the link was made',
    'no rows': 'the receipts of this link are gone',
    'no link': 'there is no link for these receipts: it is gone, or they were added by hand',
  },
  hold: {
    table: 'legal_holds',
    differs: '',
    'no rows': 'the hold or release of this link was changed or removed',
    'no link': 'there is no link for this hold or release: the row was changed or added by hand, or the link is gone',
  },
} as const;

/** A link that does not fit its rows, or rows without a link. */
export function contentFinding({ problem, kind, number, runId, at, caseId }: BrokenContent): Finding {
  const { table, ...words } = contentWords[kind];
  const place = { linkNumber: number, runId, recordedAt: at, caseId };
  return finding({ ...place, table: problem === 'no link' ? 'digest_links' : table, problem: words[problem] });
}

/** A batch or receipt that is dated too early. */
export function orderFinding({ kind, number, runId, caseId, at }: DatedBack): Finding {
  const [table, words] = kind === 'run' ? ['batch_digests', 'a batch of this run'] : ['erasures', 'the receipt'];
  const problem = `${words} is dated before the last batch of an earlier link: it was added later`;
  return finding({ table, linkNumber: number, runId, caseId, recordedAt: at, problem });
}

/** A batch that does not fit its leaves. */
export function batchFinding({ problem, runId, recordedAt, part, recordedCases, cases }: BrokenBatch): Finding {
  const place = { runId, recordedAt, row: `part ${part}` };
  if (problem === 'no batch') {
    return finding({
      ...place,
      table: 'batch_digests',
      problem: 'the batch of these leaves is gone, or the leaves were added by hand',
    });
  }
  const text =
    problem === 'no leaves'
      ? 'all leaves of this batch are gone'
      : recordedCases === cases
        ? 'a leaf of this batch was changed, or the batch was'
        : `the batch was made of ${recordedCases} leaves, and there are ${cases}`;
  return finding({ ...place, table: 'case_digests', problem: text });
}

/** An erased case without a receipt, or the other way round. */
export function tombstoneFinding({ problem, caseId, at, linkNumber }: BrokenTombstone): Finding {
  const text =
    problem === 'no receipt'
      ? 'erased_at was set, and there is no receipt of that time'
      : 'has a receipt of having been erased, and erased_at does not say so';
  return finding({ table: 'cases', caseId, recordedAt: at, linkNumber, problem: text });
}
