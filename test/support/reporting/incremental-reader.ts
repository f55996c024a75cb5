// A copy of reporting.cases that is kept up to date by its cursor, as a data warehouse keeps one.
import type pg from 'pg';

/** What changes without any change of the case, because it runs to now. */
const DURATIONS = ['hours_in_status', 'applicant_hours', 'review_hours'];
const ROW = `(to_jsonb(shown_case) - '{${DURATIONS.join(',')}}'::text[])::text`;

type Copied = { caseKey: string; row: string };

export class IncrementalReader {
  readonly #client: pg.Client;
  readonly #rows = new Map<string, string>();
  #last = '-infinity';
  /** Readings that found changes while a run was open. */
  readingsInRuns = 0;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Reads what changed since the last reading, up to an end that is fixed before. */
  async read(): Promise<void> {
    const [end] = await this.#query<{ until: string; isInRun: boolean }>(`
      select least(now(), reporting.known_until())::text as until, reporting.known_until() < now() as "isInRun"`);
    if (end === undefined) throw new Error('there is no end');
    const changed = await this.#query<Copied>(
      `select case_key as "caseKey", ${ROW} as row
       from reporting.cases as shown_case
       where changed_at > $1::timestamptz and changed_at <= $2::timestamptz`,
      [this.#last, end.until],
    );
    for (const { caseKey, row } of changed) this.#rows.set(caseKey, row);
    if (end.isInRun && changed.length > 0) this.readingsInRuns += 1;
    this.#last = end.until;
  }

  /** Rows of the view that the copy lacks, and rows of the copy that the view lacks. */
  async differences(): Promise<string[]> {
    const shown = await this.#query<Copied>(
      `select case_key as "caseKey", ${ROW} as row from reporting.cases as shown_case`,
    );
    const rows = new Set(shown.map(({ row }) => row));
    return [
      ...shown.filter(({ caseKey, row }) => this.#rows.get(caseKey) !== row).map(({ row }) => `not copied: ${row}`),
      ...[...this.#rows.values()].filter((row) => !rows.has(row)).map((row) => `not in the view: ${row}`),
    ];
  }

  async #query<Row extends pg.QueryResultRow>(sql: string, values: string[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(sql, values)).rows;
  }
}
