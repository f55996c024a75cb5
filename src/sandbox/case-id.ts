import { hex, seeded, seedOf } from './random.ts';

/** The case's uuid. Its last eight digits encode the index, so that a case is found by its id without a lookup table. */
export function caseIdOf(seed: number, index: number): string {
  const digits = hex(seeded(seedOf(seed, index, 1)), 24);
  const last = ((index ^ seed) >>> 0).toString(16).padStart(8, '0');
  const variant = 'a89b'[Number.parseInt(digits.slice(16, 17), 16) % 4];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 24)}${last}`;
}

/** The only index that this uuid can have in an account of this seed. */
export function indexOfCaseId(seed: number, caseId: string): number {
  return (Number.parseInt(caseId.slice(-8), 16) ^ seed) >>> 0;
}
