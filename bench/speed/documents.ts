import { applicationFields, saleFields } from '../../src/sandbox/application.ts';
import { type Company, companyOf } from '../../src/sandbox/companies.ts';
import { type JsonObject, withKeysReversed } from '../../src/sandbox/json.ts';
import { personOf } from '../../src/sandbox/people.ts';
import { between, hex, pick, type Random, seeded, seedOf, seedOfText, words } from '../../src/sandbox/random.ts';
import { caseIdOf } from '../../src/sandbox/seeds.ts';

/** As first listed; with another event in every hundredth case; or equal as JSON, with every key in another place. */
export type Variant = 'base' | 'changed' | 'reordered';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const WAY = words(
  'WAITING_FOR_DETAILS WAITING_FOR_DECLARATION WAITING_FOR_SIGNATURE AUTOMATIC_REVIEW UNDER_MANUAL_REVIEW ACTIVE ARCHIVED',
);
const CHANGED_EVERY = 100;

/**
 * Case number `index` of an account: about 3 KB of JSON, two to six events, each with the provider's `case` object.
 * Equal at every call, and different for every index.
 */
export function documentOf(account: string, index: number, variant: Variant): JsonObject {
  const seed = seedOfText(account);
  const random = seeded(seedOf(seed, index));
  const id = caseIdOf(seed, index);
  const company = companyOf(random);
  const people = [personOf(random, 'CEO')];
  const provider = { id: hex(random, 24), company, people, contractUrl: `https://sign.example/${hex(random, 40)}` };
  const request = applicationFields(random, provider, id);
  const sale = saleFields(random);
  const born = START + between(random, 0, 180 * 24 * HOUR);
  const firstEventId = between(random, 100, 900_000);
  const createdBy = `user-${hex(random, 8)}`;
  const known = between(random, 2, 6);
  const count = known + (variant === 'changed' && index % CHANGED_EVERY === 0 ? 1 : 0);
  let time = born;
  const events = Array.from({ length: count }, (_, step) => {
    // A random sequence of its own, so that another event changes none of the others.
    const own = seeded(seedOf(seed, index, step));
    if (step > 0) time += between(own, 1, 40) * HOUR;
    // The new event is the latest one.
    if (step === known) time = START + between(own, 190 * 24, 191 * 24) * HOUR;
    return eventOf(own, { id: firstEventId + step, step, time, provider });
  });
  const document = {
    ...request,
    account_id: account,
    events,
    id,
    created_at: new Date(born).toISOString(),
    created_by: createdBy,
    updated_at: new Date(time).toISOString(),
    ...sale,
  };
  return variant === 'reordered' ? withKeysReversed(document) : document;
}

type Happening = {
  id: number;
  step: number;
  time: number;
  provider: { id: string; company: Company; people: ReturnType<typeof personOf>[]; contractUrl: string };
};

function eventOf(random: Random, { id, step, time, provider }: Happening): JsonObject {
  const status = WAY[step] ?? 'ACTIVE';
  return {
    id,
    request_id: hex(random, 32),
    event: step === 0 ? 'case_created' : 'case_updated',
    created_at: new Date(time).toISOString(),
    case_status: status,
    case: providerCaseOf(random, status, provider),
    ...(step === 0 && { created: { case_id: provider.id, contract_url: provider.contractUrl } }),
  };
}

function providerCaseOf(random: Random, status: string, { id, company, people }: Happening['provider']): JsonObject {
  const [person] = people;
  return {
    id,
    case_status: status,
    company: { legal_name: company.name, legal_form: company.legalForm, business_address: company.address },
    declared_by: { name: `${person?.first_name} ${person?.last_name}`, born: person?.birth_date, email: person?.email },
    checks: { company: pick(random, words('COMPLETED NOT_STARTED')), credit: { score: between(random, 20, 98) } },
    risk_level: pick(random, words('LOW LOW MEDIUM HIGH')),
  };
}
