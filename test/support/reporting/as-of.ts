// What was known and true at some instants, by the views' functions and by the reference.
import { differences } from './difference.ts';
import { factsOf } from './facts.ts';
import type { Chapter, Past } from './past.ts';
import { type Reading, reading } from './reading.ts';
import { backlogAsOf, casesAsOf } from './reference/as-of.ts';
import { HOUR, type Instant, writtenOf } from './reference/instant.ts';
import type { Row } from './reference/row.ts';
import type { Story } from './reference/story.ts';
import { storiesOf } from './stories.ts';

/** The rows that both functions give; `known_at` is left to its default without `knownAt`. */
export async function askedAsOf(
  { rows }: Reading,
  at: Instant,
  knownAt?: Instant,
): Promise<{ cases: Row[]; backlog: Row[] }> {
  const times = [at, ...(knownAt === undefined ? [] : [knownAt])].map(writtenOf);
  const given = knownAt === undefined ? '$1::timestamptz' : '$1::timestamptz, known_at => $2::timestamptz';
  return {
    cases: await rows(`select * from reporting.cases_as_of(${given})`, times),
    backlog: await rows(`select * from reporting.backlog_as_of(${given})`, times),
  };
}

/** Where the functions differ from the reference, for what was known at the end of every chapter and is known now. */
export async function differingAsOf(url: string, { chapters, last }: Past): Promise<string[]> {
  return reading(url, async (source) => {
    const facts = await factsOf(source);
    const all: string[] = [];
    const compare = async (chapter: Chapter, knownAt?: Instant) => {
      const stories = storiesOf(chapter, facts, source.now);
      for (const at of instantsOf(stories, chapter.knownAt)) {
        const { cases, backlog } = await askedAsOf(source, at, knownAt);
        const title = `as of ${writtenOf(at)}, known at ${writtenOf(chapter.knownAt)}`;
        const byCase = { key: ['account_id', 'case_id'], expected: casesAsOf(at, stories), got: cases };
        const byStatus = { key: ['account_id', 'status'], expected: backlogAsOf(at, stories), got: backlog };
        all.push(...differences(`cases ${title}`, byCase), ...differences(`backlog ${title}`, byStatus));
      }
    };
    for (const chapter of chapters) await compare(chapter, chapter.knownAt);
    await compare(last);
    return all;
  });
}

/** Where something happens to some case, to the microsecond, and where nothing does. */
function instantsOf(stories: readonly Story[], knownAt: Instant): Instant[] {
  const some = <T>(all: readonly T[]) => all.filter((_, index) => index % Math.ceil(all.length / 2) === 0);
  const moved = some(stories.flatMap(({ moves }) => moves.map(({ at }) => at)));
  const gone = some(stories.flatMap(({ goneAt }) => goneAt ?? []));
  return [knownAt, knownAt - 24 * HOUR, knownAt - 90 * 24 * HOUR, ...moved, ...gone];
}
