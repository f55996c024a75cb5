// Mistakes that people make in settings of the reports, and the words of the correction that they get.
import Holidays from 'date-holidays';
import { describe, expect, test } from 'vitest';
import { countries } from '../../src/config/countries.ts';
import { configErrorFrom, fileYaml, problemOf, secretEnv } from '../support/config-file.ts';

const env = secretEnv;

describe('business hours', () => {
  test.each([
    ['country: no', 'country: must be the code of a country, such as NO', 'write NO'],
    ['country: DE_by', 'country: ', 'write DE-BY'],
    ['country: UK', 'country: ', 'the United Kingdom is GB'],
    ['country: NOR', 'country: ', 'codes have two letters'],
    ['country: Sweden', 'country: ', 'Sweden is SE'],
    ['country: NO-03', 'country: ', 'NO has no parts; write NO'],
    ['country: GB-XXX', 'country: ', 'of GB there are: GB-'],
    ['country: XX', 'country: ', 'whose public holidays are known'],
    [
      'hours: 16:00-08:00',
      'hours: must be hours that end later than they begin',
      'hours over midnight are not supported',
    ],
    [
      'hours: 08:00-08:00',
      'hours: must be hours that end later than they begin',
      'for the whole day write "00:00-23:59"',
    ],
    ['hours: 08:00-24:00', 'hours: must be the hours of a day', 'a day ends at 23:59 at the latest'],
    ['hours: 8-16', 'hours: ', 'each time has four digits and a colon'],
    ['hours: 08:00–16:00', 'hours: ', 'a hyphen'],
    ['hours: 8:00 AM-4:00 PM', 'hours: ', 'write times from 00:00 to 23:59'],
    ['weekdays: [0, 1]', 'weekdays[0]: must be a weekday from 1 (Monday) to 7 (Sunday)', 'Sunday is 7'],
    ['weekdays: [1, 8]', 'weekdays[1]: must be a weekday from 1 (Monday) to 7 (Sunday)', ''],
    ['weekdays: [1, 2, 1]', 'weekdays[2]: is in the list twice', 'keep one of the two'],
    ['weekdays: []', 'weekdays: must be a list with one weekday at least', ''],
    ['closed: [2026-02-30]', 'closed[0]: must be a day of the calendar', 'there is no such day'],
    ['closed: [24.12.2026]', 'closed[0]: ', 'the year comes first'],
    ['closed: [12-24]', 'closed[0]: ', 'write one entry for each year'],
    ['closed: [1926-12-24]', 'closed[0]: ', 'from 2000 to 2099'],
    ['closed: [2026-12-24, 2026-12-24]', 'closed[1]: is in the list twice', 'keep one of the two'],
  ])('must not be %s', async (line, beginning, words) => {
    const problem = await problemOf(`reports:\n  calendar:\n    ${line}`);
    expect(problem.startsWith(`3 reports.calendar.${beginning}`), problem).toBe(true);
    expect(problem).toContain(words);
  });

  test('have several mistakes reported at once', async () => {
    const lines = ['reports:', '  calendar:', '    country: no', '    weekdays: [9, 9]', '    hours: 8-16'];
    const { problems } = await configErrorFrom(fileYaml(...lines), { env });
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '3 reports.calendar.country',
      '4 reports.calendar.weekdays[0]',
      '4 reports.calendar.weekdays[1]',
      '5 reports.calendar.hours',
    ]);
  });
});

describe('rules of periodic reviews', () => {
  test.each([
    ['when: { countries: [SE] }', 'everyMonths: is missing; it must be a whole number from 1 to 1200'],
    ['everyMonths: 12, when: { countries: SE }', 'when.countries: must be a list'],
    ['everyMonths: 12, when: { countries: [se] }', 'when.countries[0]: must be the code of a country', 'write SE'],
    ['everyMonths: 12, when: { packages: [""] }', 'when.packages[0]: must be text that is not empty'],
    ['everyMonths: 12, when: { package: [A] }', 'when.package: is not a known key; did you mean packages?'],
    ['everyMonths: 12, when: { facts: { risk: HIGH } }', 'when.facts.risk: must be a list'],
    ['everyMonths: 12, when: { facts: { Risk Level: [A] } }', 'when.facts.Risk Level: must be the name of a fact'],
    ['everyMonths: 12, countries: [SE]', 'countries: is not a known key here; it belongs under when'],
  ])('must not be { %s }', async (rule, beginning, words = '') => {
    const problem = await problemOf(`reports:\n  reviews:\n    rules:\n      - { ${rule} }`);
    expect(problem.startsWith(`4 reports.reviews.rules[0].${beginning}`), problem).toBe(true);
    expect(problem).toContain(words);
  });
});

describe('rules of retention', () => {
  test.each([
    ['cases: { rules: [{ years: 0 }] }', 'cases.rules[0].years: must be a whole number from 1 to 100'],
    ['cases: { rules: [{ everyMonths: 60 }] }', 'cases.rules[0].everyMonths: is not a known key', 'under reviews'],
    ['cases: { rules: [{ years: 10, countries: [SE] }] }', 'cases.rules[0].countries: ', 'it belongs under when'],
    ['cases: { rules: [{ years: 10, when: { countries: [se] } }] }', 'cases.rules[0].when.countries[0]: ', 'write SE'],
    ['years: 5', 'years: is not a known key here; it belongs under cases of retention'],
    ['rules: []', 'rules: is not a known key here; it belongs under cases of retention'],
    ['cases: 5', 'cases: must be a map'],
  ])('must not be { %s }', async (line, beginning, words = '') => {
    const problem = await problemOf(`retention:\n  ${line}`);
    expect(problem.startsWith(`2 retention.${beginning}`), problem).toBe(true);
    expect(problem).toContain(words);
  });
});

describe('a target', () => {
  test.each([
    ['48h', ': must be hours above 0, at most 87600, or { businessHours: … }'],
    ['0', ': must be a number above 0, at most 87600'],
    ['{}', '.businessHours: is missing; it must be a number above 0, at most 8760'],
    ['{ businessHours: -1 }', '.businessHours: must be a number above 0, at most 8760'],
    ['{ businessHours: 40, bussinessHours: 40 }', '.bussinessHours: is not a known key; did you mean businessHours?'],
  ])('must not be %s', async (value, words) => {
    expect(await problemOf(`statusTargets: { ACTIVE: ${value} }`)).toContain(`1 statusTargets.ACTIVE${words}`);
  });

  test('is not under reports', async () => {
    expect(await problemOf('reports: { businessHours: 40 }')).toContain('it belongs under a status of statusTargets');
  });
});

test('countries are those that date-holidays knows', () => {
  const library = new Holidays();
  const parts = (code: string, names: Record<string, string> | undefined) =>
    Object.keys(names ?? {}).map((name) => `${code}-${name}`);
  const known = Object.keys(library.getCountries()).flatMap((country) => {
    const states = Object.keys(library.getStates(country) ?? {});
    const regions = states.flatMap((state) => parts(`${country}-${state}`, library.getRegions(country, state)));
    return [country, ...states.map((state) => `${country}-${state}`), ...regions];
  });
  expect([...countries].sort()).toEqual(known.sort());
});
