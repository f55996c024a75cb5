import { textUpTo, uuid } from '../cases/values.ts';
import { type Html, nothing } from '../html/html.ts';
import { knownAtControl, readKnownAt, wrongKnownAt } from '../known-at.ts';
import { csvBlock, type Page, type PageAnswer } from '../page.ts';
import { changesBlock, changesCsv } from './changes.ts';
import { fieldsKnown } from './entries.ts';
import { evidenceBlock } from './evidence.ts';
import { factsBlock, factsCsv, problemsBlock, problemsCsv } from './facts.ts';
import { headBlock } from './head.ts';
import { declinedBefore, linkedBlock, linkedCsv } from './linked.ts';
import { momentsNav, momentsOf } from './moments.ts';
import { readLinkedCases } from './other-queries.ts';
import { readCase, readStays } from './queries.ts';
import { retentionPart } from './retention.ts';
import type { ShownCase } from './shown.ts';
import { staysBlock, staysCsv } from './stays.ts';
import { timelineBlock, timelineCsv } from './timeline.ts';
import { type ChangeRow, readChanges, readFactMoments, readFacts, readTimeline } from './timeline-queries.ts';

/** One case with its timeline on both time axes, as known now or at an earlier time. */
export const casePage: Page = {
  path: '/cases/:account/:id',
  hasPeriod: false,
  answer: async (request) => {
    const { tx, url, params } = request;
    const accountId = textUpTo(200).read(params.account ?? '');
    const caseId = uuid.read(params.id ?? '');
    // The same words whether there is no such case or the viewer may not see it.
    const missing: PageAnswer = { kind: 'missing', words: 'There is no such case, or you may not see it.' };
    if (accountId === undefined || caseId === undefined) return missing;
    const row = await readCase(tx, { accountId, caseId });
    if (row === null) return missing;
    const known = await readKnownAt(tx, url);
    if ('redirect' in known) return { kind: 'redirect', to: known.redirect };
    const shown = { ...request, row, known, asked: { accountId, caseId, known: known.instant } };
    const block = csvBlock(url);
    if (block !== null && known.problem !== null) return wrongKnownAt(known.problem);
    if (block !== null) return csvOf(shown, block);
    const changes = await readChanges(tx, shown.asked);
    const name = fieldsKnown(row.fields, changes).payout_destination_name;
    return {
      kind: 'page',
      title: name ?? `Case ${caseId}`,
      body: blocks(shown, changes),
      isLive: known.instant === null,
    };
  },
};

async function* blocks(shown: ShownCase, changes: readonly ChangeRow[]): AsyncGenerator<Html> {
  const { tx, asked, url, clock, known } = shown;
  const stays = await readStays(tx, asked);
  yield await headBlock(shown, { stays, changes });
  const linked = await readLinkedCases(tx, asked);
  yield declinedBefore(shown, linked);
  yield await retentionPart(shown);
  const versions = await readTimeline(tx, asked);
  const moments = momentsNav(momentsOf(versions, await readFactMoments(tx, asked)), shown);
  yield knownAtControl({
    url,
    clock,
    known,
    label: `Known at (${clock.timezone})`,
    moments,
    fallback: 'what is known now',
  });
  yield timelineBlock(shown, versions, stays);
  yield await staysBlock(shown, stays);
  yield problemsBlock(shown, versions);
  yield factsBlock(shown, await readFacts(tx, asked));
  yield changesBlock(shown, changes);
  yield linkedBlock(shown, linked);
  yield (await evidenceBlock(shown)) ?? nothing;
}

async function csvOf({ tx, asked, clock }: ShownCase, block: string): Promise<PageAnswer> {
  const answer = (lines: Iterable<string>): PageAnswer => ({ kind: 'csv', name: `${asked.caseId}-${block}`, lines });
  if (block === 'timeline') return answer(timelineCsv(await readTimeline(tx, asked)));
  if (block === 'stays') return answer(staysCsv(await readStays(tx, asked), clock));
  if (block === 'problems') return answer(problemsCsv(await readTimeline(tx, asked), clock));
  if (block === 'facts') return answer(factsCsv(await readFacts(tx, asked), clock));
  if (block === 'changes') return answer(changesCsv(await readChanges(tx, asked), clock));
  if (block === 'linked') return answer(linkedCsv(await readLinkedCases(tx, asked), clock));
  return { kind: 'missing', words: 'There is no such table on this page.' };
}
