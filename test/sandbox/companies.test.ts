import { describe, expect, it } from 'vitest';
import { companyOf } from '../../src/sandbox/companies.ts';
import { personOf } from '../../src/sandbox/people.ts';
import { between, pickWeighted, seeded, seedOf } from '../../src/sandbox/random.ts';

const companies = Array.from({ length: 3000 }, (_, index) => companyOf(seeded(seedOf(5, index))));
const numbersOf = (country: string) =>
  companies.filter(({ countryCode }) => countryCode === country).map(({ organizationNumber }) => organizationNumber);

/** The rule of Brønnøysundregistrene: the sum of the nine digits, weighted 3 2 7 6 5 4 3 2 1, is a multiple of 11. */
function isDivisibleBy11(number: string, weights: number[]): boolean {
  return weights.reduce((sum, weight, index) => sum + weight * Number(number[index]), 0) % 11 === 0;
}

describe('a fictional company', () => {
  it('in Norway has a number of nine digits with a valid check digit, in the series for test data', () => {
    const numbers = numbersOf('NO');
    expect(numbers.length).toBeGreaterThan(2000);
    expect(numbers.filter((number) => !/^3\d{8}$/.test(number))).toEqual([]);
    expect(numbers.filter((number) => !isDivisibleBy11(number, [3, 2, 7, 6, 5, 4, 3, 2, 1]))).toEqual([]);
  });

  it('in Denmark has a number of eight digits with a valid check digit', () => {
    const numbers = numbersOf('DK');
    expect(numbers.length).toBeGreaterThan(50);
    expect(numbers.filter((number) => !/^9\d{7}$/.test(number))).toEqual([]);
    expect(numbers.filter((number) => !isDivisibleBy11(number, [2, 7, 6, 5, 4, 3, 2, 1]))).toEqual([]);
  });

  it('in Sweden has a number of ten digits with a valid Luhn digit', () => {
    const luhn = (number: string) =>
      [...number].reduceRight((sum, digit, index) => {
        const value = Number(digit) * ((number.length - index) % 2 === 0 ? 2 : 1);
        return sum + (value > 9 ? value - 9 : value);
      }, 0);
    const numbers = numbersOf('SE');
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter((number) => !/^4\d{9}$/.test(number) || luhn(number) % 10 !== 0)).toEqual([]);
  });

  it('has a name that fits its legal form', () => {
    const odd = companies.filter(({ name, legalForm }) => name.endsWith(legalForm) === (legalForm === 'ENK'));
    expect(odd).toEqual([]);
    expect(new Set(companies.map(({ name }) => name)).size).toBeGreaterThan(500);
  });
});

describe('a fictional person', () => {
  it('has a national identity number that no real person can have', () => {
    const people = Array.from({ length: 500 }, (_, index) => personOf(seeded(index), 'CEO'));
    expect(people.filter((person) => !/^\d{2}(8[1-9]|9[0-2])\d{7}$/.test(person.national_identity_number))).toEqual([]);
  });
});

describe('the random numbers', () => {
  it('repeat for the same seed, stay within bounds and reach both ends', () => {
    const drawn = (seed: number) =>
      Array.from(
        { length: 200 },
        (
          (random) => () =>
            between(random, 1, 6)
        )(seeded(seed)),
      );
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    expect([...new Set(drawn(1))].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('follow the weights', () => {
    const random = seeded(3);
    const chosen = Array.from({ length: 1000 }, () => pickWeighted(random, [{ weight: 9 }, { weight: 1 }]).weight);
    const often = chosen.filter((weight) => weight === 9).length;
    expect(often).toBeGreaterThan(850);
    expect(often).toBeLessThan(950);
  });
});
