import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { Recording } from './batch-input.ts';

/**
 * Not for a batch in which every case is new: looking for each beforehand costs an insert as much as another index would,
 * and the triggers for updates are called also if nothing is updated.
 */
const updated = Prisma.sql`
  on conflict (account_id, id) do update
  set
    owner_account_id = excluded.owner_account_id,
    case_for_account_id = excluded.case_for_account_id,
    payout_destination_id = excluded.payout_destination_id,
    payout_destination_name = excluded.payout_destination_name,
    payout_destination_description = excluded.payout_destination_description,
    payout_reference = excluded.payout_reference,
    products = excluded.products,
    checks = excluded.checks,
    country_code = excluded.country_code,
    organization_number = excluded.organization_number,
    requires_contract_signing = excluded.requires_contract_signing,
    reference_id = excluded.reference_id,
    package = excluded.package,
    actions_on_approval = excluded.actions_on_approval,
    payment_options = excluded.payment_options,
    created_at = excluded.created_at,
    created_by = excluded.created_by,
    updated_at = excluded.updated_at,
    deleted_at = excluded.deleted_at,
    deleted_by = excluded.deleted_by,
    status = excluded.status,
    status_since = excluded.status_since,
    opened_at = excluded.opened_at,
    first_decided_at = excluded.first_decided_at,
    first_decision = excluded.first_decision,
    decision_route = excluded.decision_route,
    first_approved_at = excluded.first_approved_at,
    first_declined_at = excluded.first_declined_at,
    was_manual_review = excluded.was_manual_review,
    transitions = excluded.transitions,
    times_reopened = excluded.times_reopened,
    times_left_active = excluded.times_left_active,
    times_backward = excluded.times_backward,
    furthest_rank = excluded.furthest_rank,
    applicant_seconds = excluded.applicant_seconds,
    review_seconds = excluded.review_seconds,
    last_error = excluded.last_error,
    last_error_at = excluded.last_error_at,
    changed_at = greatest(cases.changed_at, excluded.changed_at),
    missing_since = excluded.missing_since,
    fingerprint = excluded.fingerprint,
    content_hash = excluded.content_hash`;

/** Writes the rows of cdd.cases, of cases that are new or not as they were. */
export function savedCases(cases: ReadCase[], { accountId, recordedAt }: Recording): Prisma.Sql {
  return Prisma.sql`
    saved_cases as (
      insert into cdd.cases (
        account_id, id, owner_account_id, case_for_account_id, payout_destination_id, payout_destination_name,
        payout_destination_description, payout_reference, products, checks, country_code, organization_number,
        requires_contract_signing, reference_id, package, actions_on_approval, payment_options, created_at, created_by,
        updated_at, deleted_at, deleted_by, status, status_since, opened_at, first_decided_at, first_decision,
        decision_route, first_approved_at, first_declined_at, was_manual_review, transitions, times_reopened,
        times_left_active, times_backward, furthest_rank, applicant_seconds, review_seconds, last_error,
        last_error_at, first_seen_at, changed_at, missing_since, fingerprint, content_hash
      )
      select
        ${accountId},
        input.id,
        document ->> 'account_id',
        document #>> '{case_for,account_id}',
        document #>> '{case_for,payout_destination_id}',
        document #>> '{case_for,payout_destination_name}',
        document #>> '{case_for,payout_destination_description}',
        document #>> '{case_for,payout_reference}',
        ${texts('products')},
        ${texts('case_request,checks')},
        document #>> '{case_request,countryCode}',
        document #>> '{case_request,organizationNumber}',
        (document #>> '{case_request,requireContractSigning}')::boolean,
        document #>> '{case_request,referenceId}',
        document ->> 'package',
        ${texts('actions_on_approval')},
        nullif(document -> 'payment_options', 'null'),
        (document ->> 'created_at')::timestamptz,
        document ->> 'created_by',
        (document ->> 'updated_at')::timestamptz,
        (document ->> 'deleted_at')::timestamptz,
        document ->> 'deleted_by',
        facts.status,
        facts.status_since,
        coalesce(facts.opened_at, (document ->> 'created_at')::timestamptz),
        facts.first_decided_at,
        facts.first_decision,
        facts.decision_route,
        facts.first_approved_at,
        facts.first_declined_at,
        coalesce(facts.was_manual_review, false),
        coalesce(facts.transitions, 0),
        coalesce(facts.times_reopened, 0),
        coalesce(facts.times_left_active, 0),
        coalesce(facts.times_backward, 0),
        facts.furthest_rank,
        coalesce(facts.applicant_seconds, 0),
        coalesce(facts.review_seconds, 0),
        errors.error,
        errors.occurred_at,
        ${recordedAt}::timestamptz,
        -- A case of which only the derived transitions differ has not changed.
        case when not input.known or touched.content then ${recordedAt}::timestamptz else '-infinity' end,
        -- Whose document is as it was before the absence is restored, with a revision that says so.
        case
          when input.known and touched.revision is null then (
            select held.missing_since
            from cdd.cases as held
            where held.account_id = ${accountId} and held.id = input.id
          )
        end,
        input.fingerprint,
        input.content_hash
      from input
      left join touched on touched.case_id = input.id
      left join facts on facts.case_id = input.id
      left join errors on errors.case_id = input.id
      where not input.known or touched.case_id is not null
      ${cases.some((one) => one.known) ? updated : Prisma.empty}
    )`;
}

/** A text[] out of the document; null where there is no array. The path is ours, never input. */
function texts(path: string): Prisma.Sql {
  const value = Prisma.raw(`document #> '{${path}}'`);
  return Prisma.sql`case jsonb_typeof(${value}) when 'array' then array(select jsonb_array_elements_text(${value})) end`;
}
