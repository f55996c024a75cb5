import type { Company } from './companies.ts';
import type { JsonObject } from './json.ts';
import type { Person } from './people.ts';
import { between, hex, pick, type Random } from './random.ts';
import type { PlannedEvent } from './timeline.ts';

/** The KYC provider's data about a case; the same for all of its events. */
export type ProviderCase = { id: string; company: Company; people: Person[]; contractUrl: string };

/**
 * The provider's case object in an event: free-form, large and full of personal data. It has contracts with signing
 * links only if the request includes `events.case.contracts`.
 */
export function providerCaseOf(
  known: ProviderCase,
  planned: PlannedEvent,
  withContracts: boolean,
  random: Random,
): JsonObject {
  const { company, people } = known;
  const checkedAt = new Date(planned.at).toISOString();
  return {
    id: known.id,
    case_status: planned.status,
    country_code: company.countryCode,
    company: {
      legal_name: company.name,
      organization_number: company.organizationNumber,
      legal_form: company.legalForm,
      business_address: company.address,
    },
    declaration: { submitted_by: `${people[0]?.first_name} ${people[0]?.last_name}`, language: 'no', people },
    checks: {
      company: { status: 'COMPLETED', checked_at: checkedAt, flags: [] },
      ultimate_beneficial_ownership: {
        status: pick(random, ['COMPLETED', 'COMPLETED', 'NOT_STARTED']),
        flags: random() < 0.1 ? ['POSSIBLE_ULTIMATE_BENEFICIAL_OWNERS'] : [],
      },
      credit: { status: 'COMPLETED', score: between(random, 20, 98), limit: between(random, 1, 400) * 1000 },
      pep_and_sanctions: { status: 'COMPLETED', hits: random() < 0.04 ? 1 : 0 },
    },
    risk_level: pick(random, ['LOW', 'LOW', 'LOW', 'MEDIUM', 'HIGH']),
    ...(withContracts && { contracts: [contractOf(known, planned, random)] }),
  };
}

function contractOf(known: ProviderCase, planned: PlannedEvent, random: Random): JsonObject {
  return {
    id: hex(random, 24),
    status: planned.status === 'WAITING_FOR_SIGNATURE' ? 'OPEN' : 'SIGNED',
    contract_url: `${known.contractUrl}/${hex(random, 16)}`,
    signatories: known.people.map((person) => ({ name: `${person.first_name} ${person.last_name}` })),
  };
}
