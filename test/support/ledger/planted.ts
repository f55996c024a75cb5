// Personal data of a case in every place that Dintero's list can have it, each with a marker of its own.

/** A value of some person, with a marker that nothing else has. */
type Kind = 'name' | 'number' | 'mail' | 'phone' | 'address' | 'link';

const TEXTS: Readonly<Record<Kind, (n: number) => [text: string, marker: string]>> = {
  name: (n) => [`Ola Zq${n}zen`, `zq${n}zen`],
  number: (n) => [`9876${50000 + n}`, `9876${50000 + n}`],
  mail: (n) => [`ola.zq${n}post@example.com`, `zq${n}post`],
  phone: (n) => [`+47 907 65 ${10000 + n}`, `65 ${10000 + n}`],
  address: (n) => [`Storgata ${n}, zq${n}vik`, `zq${n}vik`],
  link: (n) => [`https://sign.example.com/zq${n}link`, `zq${n}link`],
};

/** Collects markers while documents are written. `from` keeps those of several versions apart. */
export class Planter {
  readonly markers: string[] = [];
  #next: number;

  constructor(from: number) {
    this.#next = from;
  }

  plant(kind: Kind): string {
    this.#next += 1;
    const [text, marker] = TEXTS[kind](this.#next);
    this.markers.push(marker);
    return text;
  }
}

type Version = { id: string; status: string; time: string; isOdd?: boolean };

/** A version of a case with personal data in every place; with `isOdd`, documented fields have wrong types. */
export function plantedCase(
  planter: Planter,
  { id, status, time, isOdd = false }: Version,
): Record<string, unknown> & { events: object[] } {
  const plant = (kind: Kind) => planter.plant(kind);
  const nested = () => ({
    [plant('name')]: { list: [plant('mail'), { deep: plant('phone') }], number: Number(plant('number')) },
  });
  return {
    id,
    account_id: isOdd ? plant('name') : 'P12345678',
    case_for: {
      account_id: isOdd ? { name: plant('name') } : 'P45130822',
      payout_destination_id: plant('number'),
      payout_destination_name: plant('name'),
      payout_destination_description: plant('address'),
      payout_reference: plant('phone'),
      contact: nested(),
    },
    products: ['checkout', plant('name')],
    case_request: {
      checks: isOdd ? ['KYC', { person: plant('name') }] : ['KYC', plant('mail')],
      countryCode: isOdd ? plant('address') : 'NO',
      organizationNumber: plant('number'),
      requireContractSigning: isOdd ? plant('name') : true,
      details: nested(),
      callbackUrl: plant('link'),
      referenceId: plant('mail'),
      applicant: plant('name'),
    },
    created_by: plant('mail'),
    deleted_by: plant('name'),
    created_at: '2026-01-05T08:00:00Z',
    updated_at: isOdd ? `${plant('name')} changed it` : time,
    package: isOdd ? { name: plant('name') } : 'standard',
    actions_on_approval: ['enable_payout_account', plant('phone')],
    payment_options: [
      { type: 'payex.creditcard', currencies: ['NOK', plant('name')], iban: plant('number') },
      { type: plant('name'), owner: nested() },
      ...(isOdd ? [plant('address')] : []),
    ],
    [plant('mail')]: plant('name'),
    owners: [nested()],
    events: [
      { id: 1, event: 'case_created', created_at: '2026-01-05T08:00:00Z', case_status: 'WAITING_FOR_DETAILS' },
      {
        id: 2,
        event: isOdd ? plant('name') : 'case_changed',
        created_at: isOdd ? plant('address') : time,
        case_status: isOdd ? { by: plant('name') } : status,
        request_id: plant('phone'),
        error: `the person ${plant('name')} with ${plant('number')} was not found`,
        case: nested(),
        created: { case_id: plant('number'), contract_url: plant('link'), signer: plant('name') },
        signers: [plant('mail')],
      },
      { id: 3, event: plant('mail'), case: plant('name'), created: plant('address'), error: { text: plant('name') } },
    ],
  };
}
