import type { EvidenceTable } from './columns.ts';
import { decisions, reviews } from './decisions.ts';
import { batches, leaves, links, otherLeaves, revisionTexts, rowDigests } from './digests.ts';
import { holds, receipts } from './duty.ts';
import { facts, problems, rejectedItems, runs } from './findings.ts';
import { changes, documents, events, timeline, transitions } from './history.ts';

/** All tables of the evidence, in the order of its page. */
export const EVIDENCE_TABLES: readonly EvidenceTable[] = [
  timeline,
  decisions,
  reviews,
  documents,
  events,
  transitions,
  changes,
  facts,
  problems,
  rejectedItems,
  runs,
  holds,
  receipts,
  links,
  leaves,
  rowDigests,
  revisionTexts,
  batches,
  otherLeaves,
];
