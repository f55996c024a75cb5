import { between, pick, type Random, words } from './random.ts';

export type Company = ReturnType<typeof companyOf>;

const firstWords = words(
  'Nordlys Fjell Havblikk Bjørk Solsikke Granskog Ravn Elvebakken Kystlinje Tindekant Måke Furulund Storvik Lyngmo ' +
    'Vestavind Brattlia Skjærgård Myrdal Røyskatt Snøfnugg Ørneredet Kvitsand Tyttebær Langstrand Blåklokke ' +
    'Vinterbro Isbre Multe Sjøstjerne Askeladd',
);
const secondWords = words(
  'Bakeri Regnskap Bygg Elektro Frisør Kaffebrenneri Snekkeri Eiendom Transport Hagesenter Sykkelverksted Rørservice ' +
    'Design Fiskemottak Blomster Maling Renhold Treningssenter Konsulent Bokhandel Musikk Opplevelser Gårdsmat Interiør',
);
const streets = words('Storgata Kirkeveien Havnegata Skolebakken Industriveien Torggata Møllergata Strandveien');
const places = {
  NO: words('0150:Oslo 5003:Bergen 7010:Trondheim 4006:Stavanger 9008:Tromsø 3015:Drammen 8003:Bodø 6002:Ålesund'),
  SE: words('111_22:Stockholm 411_05:Göteborg 211_22:Malmö 753_10:Uppsala'),
  DK: words('1050:København 8000:Aarhus 5000:Odense 9000:Aalborg'),
};

/**
 * A fictional company in Norway (mostly), Sweden or Denmark. Its organization number has a valid check digit but starts
 * with a digit that the country's register does not use, so it never belongs to a real company. Norway's 3 is the
 * register's own series for test data.
 */
export function companyOf(random: Random) {
  const share = random();
  const countryCode = share < 0.86 ? 'NO' : share < 0.95 ? 'SE' : 'DK';
  const legalForm = { NO: pick(random, ['AS', 'AS', 'AS', 'ENK', 'ANS', 'SA']), SE: 'AB', DK: 'ApS' }[countryCode];
  const [postalCode = '', city = ''] = pick(random, places[countryCode]).split(':');
  const name = `${pick(random, firstWords)} ${pick(random, secondWords)}`;
  return {
    name: legalForm === 'ENK' ? name : `${name} ${legalForm}`,
    organizationNumber: { NO: norwegianNumber, SE: swedishNumber, DK: danishNumber }[countryCode](random),
    countryCode,
    legalForm,
    address: {
      street: `${pick(random, streets)} ${between(random, 1, 98)}`,
      postalCode: postalCode.replace('_', ' '),
      city,
    },
  };
}

/** Nine digits, the last a check digit modulo 11 (the rule of Norway's Enhetsregisteret). */
export function norwegianNumber(random: Random): string {
  return withModulo11(random, '3', [3, 2, 7, 6, 5, 4, 3, 2]);
}

/** Eight digits whose weighted sum is a multiple of 11 (the rule of Denmark's CVR). */
function danishNumber(random: Random): string {
  return withModulo11(random, '9', [2, 7, 6, 5, 4, 3, 2]);
}

/** Ten digits, the last a Luhn check digit (the rule of Sweden's Bolagsverket). */
function swedishNumber(random: Random): string {
  const digits = `4${between(random, 20_000_000, 99_999_999)}`;
  let sum = 0;
  for (const [index, digit] of [...digits].entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function withModulo11(random: Random, firstDigit: string, weights: readonly number[]): string {
  for (;;) {
    const rest = weights.length - 1;
    const digits = firstDigit + String(between(random, 0, 10 ** rest - 1)).padStart(rest, '0');
    const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
    const check = (11 - (sum % 11)) % 11;
    // With a remainder of 1 the check digit would be 10: the registers skip such numbers.
    if (check < 10) return `${digits}${check}`;
  }
}
