// Statements of a worker. The same statement is recognized in another run by its text and by how often it passed before.

export type Statement = { text: string; occurrence: number };

export const HEARTBEAT = /^with moved_slots as \( update cdd\.batch_slots/;

/** Statements of each new connection, and heartbeats: how many there are is a matter of time. */
const UNCOUNTED = [/set_config\(name, value, false\)/, HEARTBEAT];

/** A migration applies each view and function in the same way. */
const MANY = /^(create or replace (view|function)|insert into cdd\.applied_definitions)/;

/** Asked once a second while a migration waits. */
const TIMED = /^select distinct blocker\.pid/;

/** Counts the statements of a worker. */
export class StatementCounter {
  readonly seen: Statement[] = [];
  readonly #counts = new Map<string, number>();

  /** Whether it is the target. */
  count(sql: string, target: Statement | null): boolean {
    const text = normalized(sql);
    const occurrence = (this.#counts.get(text) ?? 0) + 1;
    this.#counts.set(text, occurrence);
    this.seen.push({ text, occurrence });
    return target !== null && target.text === text && target.occurrence === occurrence;
  }
}

/** Of each kind of statement the first and the last one, in their order. */
export function kindsOf(statements: readonly Statement[]): Statement[] {
  const found = statements.filter(({ text }) => !TIMED.test(text));
  const kinds = found.map(({ text }) => MANY.exec(text)?.[0] ?? text);
  return found.filter(({ text }, index) => {
    const kind = kinds[index] ?? text;
    const isCounted = !UNCOUNTED.some((pattern) => pattern.test(text));
    return kinds.indexOf(kind) === index || (isCounted && kinds.lastIndexOf(kind) === index);
  });
}

/** A short name for people. */
export function nameOf({ text, occurrence }: Statement): string {
  const short = text.length > 90 ? `${text.slice(0, 89)}…` : text;
  return occurrence === 1 ? short : `${short} (${occurrence})`;
}

function normalized(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
