import type { JsonObject } from './json.ts';
import { slugOf } from './people.ts';
import type { ProviderCase } from './provider.ts';
import { between, pick, type Random, words } from './random.ts';

/** The application: the fields that never change after the case was created. */
export function applicationFields(random: Random, provider: ProviderCase, caseId: string): JsonObject {
  const { company, people } = provider;
  const isPayout = random() < 0.8;
  return {
    case_for: {
      account_id: `P${between(random, 40_000_001, 49_999_999)}`,
      ...(isPayout && {
        payout_destination_id: `${slugOf(company.name)}-${company.organizationNumber.slice(-4)}`,
        payout_destination_name: company.name,
        payout_destination_description: `Payouts to ${company.name}`,
        payout_reference: pick(random, words('Markedsplassen Torget Billettluka')),
      }),
    },
    products: isPayout ? (random() < 0.1 ? ['payout', 'checkout'] : ['payout']) : ['checkout'],
    case_request: {
      checks: pick(random, [['KYC'], ['KYC', 'AML'], ['KYC', 'AML', 'BANK_ACCOUNT']]),
      countryCode: company.countryCode,
      organizationNumber: company.organizationNumber,
      requireContractSigning: random() < 0.9,
      details: {
        companyName: company.name,
        contact: { name: `${people[0]?.first_name} ${people[0]?.last_name}`, email: people[0]?.email },
        bankAccount: { country: company.countryCode, number: `${between(random, 10_000_000_000, 99_999_999_999)}` },
      },
      callbackUrl: `https://platform.example.com/kyc/callback/${caseId.slice(0, 8)}`,
      referenceId: `seller-${between(random, 1000, 99_999)}`,
    },
  };
}

/** The products sold, and the actions that an approval starts. */
export function saleFields(random: Random): JsonObject {
  return {
    package: pick(random, words('standard standard plus enterprise')),
    actions_on_approval: pick(random, [
      ['enable_payout_account'],
      ['enable_payout_account', 'create_payout_destination'],
      ['enable_checkout_account'],
      [],
    ]),
    payment_options: [
      { currencies: ['NOK'], type: pick(random, words('dintero.zero payex.creditcard vipps.payment')) },
      ...(random() < 0.3 ? [{ currencies: ['NOK', 'SEK', 'DKK'], type: 'bambora.creditcard' }] : []),
    ],
  };
}
