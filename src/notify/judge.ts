// Compares the facts with the messages of before, and puts the news into the outbox. One transaction: a replica that dies
// leaves nothing half done.
import type { NotifySettings } from '../config/notify.ts';
import { CASE_KINDS, type NoticeKind } from '../model/notice.ts';
import { readAccountFacts } from '../store/notices/accounts.ts';
import { addLostApprovals } from '../store/notices/approvals.ts';
import { countCases, endFutureTimes, isPresentKind, newCases, updateCases } from '../store/notices/cases.ts';
import { addItems, dropOrphans, dueChannels, type NoticeItem } from '../store/notices/items.ts';
import {
  deleteNotices,
  lockNotices,
  type NoticeState,
  readNotices,
  saveCaseJudgement,
  saveNotices,
} from '../store/notices/notices.ts';
import type { Database, Transaction } from '../store/postgres/pool.ts';
import type { Change } from './change.ts';
import { planChanges, planForgetting } from './plan.ts';
import { subscriptionsOf } from './subscriptions.ts';

/** Judging cases takes seconds where there are millions, so it may take a twentieth of the time at most. */
const CASE_PAUSES = 20;
/** Less than the minute between two judgements, so that each judges cases where that is quick. */
const CASES_EVERY_MS = 50_000;

/** Cases that a message links one by one. */
const MOST_IDS = 5;

export type Judgement = {
  /** Number of things put into the outbox. */
  told: number;
  /** Items that were deleted, because their channel is not configured any more. */
  dropped: { channel: string; items: number }[];
};

export type JudgeOptions = {
  settings: NotifySettings;
  /** Queues the delivery to these channels, in the same transaction. */
  enqueue: (tx: Transaction, channels: readonly string[]) => Promise<void>;
  /** Instead of the database's clock. */
  now?: Date;
  /** Ends the judgement, which then throws. */
  signal?: AbortSignal;
};

/** Judges once. Null if another replica does so at the moment. */
export function judge(
  database: Database,
  { settings, enqueue, now: given, signal }: JudgeOptions,
): Promise<Judgement | null> {
  const work = async (tx: Transaction): Promise<Judgement | null> => {
    const locked = await lockNotices(tx);
    if (locked === null) return null;
    const state = { ...locked, now: given ?? locked.now };
    const told = await judgeStates(tx, settings, state);
    const channels = settings.channels.map(({ id }) => id);
    const dropped = await dropOrphans(tx, channels, state.now);
    await enqueue(tx, await dueChannels(tx, channels));
    return { told, dropped };
  };
  return database.transact(work, signal === undefined ? {} : { signal });
}

async function judgeStates(tx: Transaction, settings: NotifySettings, state: NoticeState): Promise<number> {
  const { now } = state;
  const subscriptions = subscriptionsOf(settings);
  const stored = await readNotices(tx);
  const caseKinds = await judgeCases(tx, new Set(subscriptions.map(({ kind }) => kind)), state);
  const judged = subscriptions.filter(({ kind }) => !CASE_KINDS.includes(kind) || caseKinds.includes(kind));
  const known = { facts: await readAccountFacts(tx), cases: await countCases(tx), stored, now };
  const changes = planChanges(judged, known);
  const items = await itemsOf(tx, changes, now);
  await addItems(tx, items);
  const { marked, forgotten } = planForgetting(subscriptions, known);
  await saveNotices(tx, [...changes.flatMap(({ after }) => after ?? []), ...marked]);
  const ended = changes.flatMap(({ before, after }) => (before !== null && after === null ? [before] : []));
  await deleteNotices(tx, [...ended, ...forgotten]);
  return items.length;
}

/** Brings the stored cases up to date, if it is time. Returns the kinds that can be judged now. */
async function judgeCases(
  tx: Transaction,
  kinds: ReadonlySet<NoticeKind>,
  { now, casesJudgedAt, casesJudgedMs, approvalsUntil }: NoticeState,
): Promise<NoticeKind[]> {
  const asked = CASE_KINDS.filter((kind) => kinds.has(kind));
  const sinceMs = casesJudgedAt === null ? Number.POSITIVE_INFINITY : now.getTime() - casesJudgedAt.getTime();
  // Negative after the clock was set back: the stored cases have times ahead, and would be newer than every message.
  const isTime = sinceMs < 0 || sinceMs >= Math.max(CASES_EVERY_MS, CASE_PAUSES * casesJudgedMs);
  if (asked.length === 0 || !isTime) return [];
  const began = performance.now();
  if (sinceMs < 0) await endFutureTimes(tx, now);
  for (const kind of asked) {
    if (isPresentKind(kind)) await updateCases(tx, kind, now);
    else await addLostApprovals(tx, { from: approvalsUntil, now });
  }
  await saveCaseJudgement(tx, { at: now, ms: Math.round(performance.now() - began) });
  return asked;
}

/** The items of everything that is told, with the cases that are new to the channel. */
async function itemsOf(tx: Transaction, changes: readonly Change[], now: Date): Promise<NoticeItem[]> {
  const told = changes.flatMap((change) => (change.phase === null ? [] : [{ ...change, phase: change.phase }]));
  const isCounted = ({ kind, phase }: (typeof told)[number]) =>
    CASE_KINDS.includes(kind) && (phase === 'began' || phase === 'more');
  const counted = told.filter(isCounted);
  const questions = counted.map(({ kind, accountId, before, phase }) => ({
    kind,
    accountId,
    after: before !== null && (phase === 'more' || kind === 'approval_lost') ? before.toldAt : new Date(0),
  }));
  const found = await newCases(tx, questions, { mostIds: MOST_IDS });
  return told.map((change) => {
    const { channel, kind, accountId, phase, before, after, observation } = change;
    const cases = isCounted(change) ? (found[counted.indexOf(change)] ?? null) : null;
    const newItems = cases?.newItems ?? (phase === 'began' ? observation.items : 0);
    return {
      channel,
      kind,
      accountId,
      phase,
      beganAt: cases?.since ?? (isCounted(change) ? observation.since : ((after ?? before)?.beganAt ?? now)),
      items: kind === 'approval_lost' ? newItems : observation.items,
      newItems,
      code: observation.code,
      caseIds: cases?.caseIds ?? [],
      judgedAt: now,
      endedAt: phase === 'over' || phase === 'unwatched' ? (before?.endingSince ?? now) : null,
    };
  });
}
