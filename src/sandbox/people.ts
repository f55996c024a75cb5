import { between, hex, pick, type Random, words } from './random.ts';

export type Person = ReturnType<typeof personOf>;

const firstNames = words(
  'Astrid Bjørn Camilla Dag Eline Fredrik Guro Henrik Ingrid Jonas Kari Lars Marte Nils Oda Petter Ragnhild Sindre ' +
    'Tuva Ulrik Vilde Øyvind Åse Amina Mateusz Linh',
);
const lastNames = words(
  'Andersen Berg Dahl Eriksen Fossum Gundersen Haugen Iversen Johansen Kristiansen Lunde Moen Nilsen Olsen Pedersen ' +
    'Rognstad Solberg Tangen Ulvestad Viken Østby Aasen Kowalska Nguyen',
);

/**
 * A fictional person for the provider's part of an event. The month in the national identity number is raised by 80, as
 * in the Norwegian tax administration's test data, so the number never belongs to a real person.
 */
export function personOf(random: Random, role: string) {
  const firstName = pick(random, firstNames);
  const lastName = pick(random, lastNames);
  const year = between(random, 1948, 2003);
  const [month, day] = [between(random, 1, 12), between(random, 1, 28)];
  const born = `${twoDigits(day)}${twoDigits(month + 80)}${twoDigits(year % 100)}`;
  return {
    first_name: firstName,
    last_name: lastName,
    birth_date: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
    national_identity_number: `${born}${between(random, 10_000, 99_999)}`,
    email: `${slugOf(firstName)}.${slugOf(lastName)}.${hex(random, 4)}@example.com`,
    phone_number: `+47${between(random, 40_000_000, 49_999_999)}`,
    roles: role === 'CEO' ? [role, 'SIGNATORY'] : [role],
    ownership_percentage: role === 'BENEFICIAL_OWNER' ? between(random, 25, 100) : 0,
    politically_exposed: random() < 0.02,
  };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** A name in the form used in ids and email addresses: `Bjørk Bakeri AS` becomes `bjork-bakeri-as`. */
export function slugOf(name: string): string {
  const plain = name.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'o').replaceAll('å', 'a');
  return plain.replaceAll(' ', '-');
}
