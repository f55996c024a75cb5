import { caseColumns as savedColumns } from '../../cases/sql/case-columns.ts';
import { transitionFacts } from '../../cases/sql/case-facts.ts';
import { Prisma } from '../../postgres/pool.ts';
import { type CaseRange, inRange } from './history-tables.ts';

/**
 * Columns that the history does not give: those of the list as it was received, and currencies, which of documents from
 * before that column a migration has read with more patience. They follow from payment_options.
 */
const NOT_IN_HISTORY = ['fingerprint', 'content_hash', 'last_error', 'last_error_at', 'currencies'];
/** An erasure leaves these columns, also if the time in the document had a form that does not stay. */
const KEPT_TIMES = ['created_at', 'updated_at', 'deleted_at', 'opened_at'];

const fromHistory = Object.entries(savedColumns).filter(([name]) => !NOT_IN_HISTORY.includes(name));
const expectedValues = Prisma.raw(fromHistory.map(([name, value]) => `${value} as ${name}`).join(',\n          '));
const differences = Prisma.raw(
  fromHistory
    .map(([name]) => {
      const differs = `case_row.${name} is distinct from expected.${name}`;
      const mayDiffer = KEPT_TIMES.includes(name) ? ' and case_row.erased_at is null' : '';
      return `case when ${differs}${mayDiffer} then '${name}' end`;
    })
    .join(',\n        '),
);

/**
 * Columns of cdd.cases that differ from the history: reports read them, and no digest has them. Their values are computed by
 * the same text as when a run saves a case.
 */
export function caseColumns(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select *
    from (
      with input_transitions as (
        select stored.*
        from cdd.status_transitions as stored
        where ${inRange(range, 'stored')} and stored.superseded_at is null
      ),
      ${transitionFacts},
      current_revision as (
        select
          stored.case_id,
          stored.recorded_at,
          stored.run_id,
          case when stored.body is null then stored.recorded_at end as missing_since
        from cdd.case_revisions as stored
        where ${inRange(range, 'stored')} and stored.superseded_at is null
      ),
      -- Of a missing case, the document before it went missing.
      input as (
        select distinct on (stored.case_id)
          stored.case_id, stored.body as document, coalesce(stored.readable, stored.body) as fields
        from cdd.case_revisions as stored
        where ${inRange(range, 'stored')} and stored.body is not null
        order by stored.case_id, stored.revision desc
      ),
      expected as (
        select
          current_revision.case_id,
          current_revision.recorded_at,
          current_revision.run_id,
          current_revision.missing_since,
          ${expectedValues}
        from current_revision
        left join input using (case_id)
        left join transition_facts as facts using (case_id)
      ),
      case_row as (
        select stored.*
        from (select *, id as case_id from cdd.cases) as stored
        where ${inRange(range, 'stored')}
      )
      select
        'cases',
        case_id,
        case
          when case_row.account_id is null or expected.recorded_at is null then 'the row itself'
          else concat_ws(
            ', ',
            case when case_row.missing_since is distinct from expected.missing_since then 'missing_since' end,
            ${differences}
          )
        end as difference,
        expected.recorded_at,
        expected.run_id,
        'column'
      from case_row
      full join expected using (case_id)
    ) as compared
    where difference <> ''`;
}
