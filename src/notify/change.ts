import type { NoticeKind, NoticePhase } from '../model/notice.ts';
import type { NoticeRow } from '../store/notices/notices.ts';
import type { Observation } from './sightings.ts';

/** A state that changes, or that is told. */
export type Change = {
  channel: string;
  kind: NoticeKind;
  accountId: string;
  before: NoticeRow | null;
  after: NoticeRow | null;
  phase: NoticePhase | null;
  observation: Observation;
};
