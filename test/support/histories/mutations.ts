// Mistakes that are put in on purpose, to see that the histories find them.
import type { Case, CaseEvent } from '../../../src/model/case.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import type { SyncParts } from '../../../src/sync/run.ts';
import type { Mutation } from './worker.ts';

/** The mistakes, each with the beginning of the difference that it leads to. */
export const MUTATIONS: Readonly<Record<string, { mutate: Mutation; differs: RegExp }>> = {
  'a broken tie-break': { mutate: withLargerIdFirst, differs: /^transitions of/ },
  'a lost late event': { mutate: (parts) => withEvents(parts, withoutLateEvents), differs: /^transitions of/ },
  'a forgotten supersede': { mutate: withReopenedProblems, differs: /^problems of/ },
};

function withReopenedProblems(parts: SyncParts, database: Database): SyncParts {
  const { destination } = parts;
  const saveBatch: SyncParts['destination']['saveBatch'] = async (run, batch) => {
    const saved = await destination.saveBatch(run, batch);
    await database.$executeRaw`update cdd.case_problems set superseded_at = null`;
    return saved;
  };
  return { ...parts, destination: { ...destination, saveBatch } };
}

function withEvents(parts: SyncParts, change: (events: CaseEvent[]) => CaseEvent[]): SyncParts {
  const parse: SyncParts['source']['parse'] = (element) => {
    const parsed = parts.source.parse(element);
    if (parsed.kind === 'rejected') return parsed;
    const changed: Case = { ...parsed.case, events: change(parsed.case.events) };
    return { kind: 'case', case: changed };
  };
  return { ...parts, source: { ...parts.source, parse } };
}

/** Of two events at one time the larger id comes first: `transitionsOf` gets the ids negated, and the rows the real ones. */
function withLargerIdFirst(parts: SyncParts): SyncParts {
  const { source, destination } = withEvents(parts, (events) =>
    events.every(({ createdAt }) => createdAt !== null) ? events.map((event) => ({ ...event, id: -event.id })) : events,
  );
  const saveBatch: SyncParts['destination']['saveBatch'] = (run, batch) => {
    const read = batch.read.map((one) => ({
      ...one,
      transitions: one.transitions.map((each) => ({ ...each, eventId: Math.abs(each.eventId) })),
    }));
    return destination.saveBatch(run, { ...batch, read });
  };
  return { ...parts, source, destination: { ...destination, saveBatch } };
}

function withoutLateEvents(events: CaseEvent[]): CaseEvent[] {
  return events.filter(
    ({ id, createdAt }) => !events.some((other) => other.id < id && (other.createdAt ?? 0) > (createdAt ?? Infinity)),
  );
}
