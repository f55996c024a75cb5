import { describe, expect, test } from 'vitest';
import { configFrom, fileYaml, secretEnv } from '../support/config-file.ts';

const warningsOf = async (...lines: string[]) => {
  const yaml = fileYaml('reports:', '  reviews:', ...lines.map((line) => `    ${line}`));
  return (await configFrom(yaml, { env: secretEnv })).warnings;
};

test('an interval of reviews above 60 months is warned of, and holds', async () => {
  const rules = 'rules: [{ everyMonths: 60, when: { countries: [SE] } }, { everyMonths: 61, when: { products: [a] } }]';
  expect(await warningsOf('everyMonths: 120', rules)).toEqual([
    expect.stringMatching(/^reports\.reviews\.everyMonths \(line 3\) is longer than the 60 months .* article 26/),
    expect.stringMatching(/^reports\.reviews\.rules\[1\]\.everyMonths \(line 4\) is longer than the 60 months/),
  ]);
});

test('a rule without a condition is warned of, because those after it never hold', async () => {
  const rules = 'rules: [{ everyMonths: 6, when: { countries: [] } }, { everyMonths: 12, when: { products: [a] } }]';
  expect(await warningsOf(rules)).toEqual([
    expect.stringMatching(/^reports\.reviews\.rules\[0\] \(line 3\) has no condition/),
  ]);
});

test('a rule that names a fact that is not configured is warned of', async () => {
  const rules = 'rules: [{ everyMonths: 6, when: { facts: { risk: [HIGH] } } }]';
  expect(await warningsOf(rules)).toEqual([
    expect.stringMatching(/^reports\.reviews\.rules\[0\]\.when\.facts\.risk \(line 3\) is not in reports\.facts/),
  ]);
});

describe('retention:', () => {
  const warningsFor = async (...lines: string[]) =>
    (await configFrom(fileYaml('retention:', ...lines.map((line) => `  ${line}`)), { env: secretEnv })).warnings;

  test('periods below five years are warned of, and hold', async () => {
    const rules = 'rules: [{ years: 3, when: { countries: [SE] } }, { years: 5, when: { products: [a] } }]';
    expect(await warningsFor('cases:', '  years: 4', `  ${rules}`)).toEqual([
      expect.stringMatching(/^retention\.cases\.years \(line 3\) is shorter than the 5 years .* article 77/),
      expect.stringMatching(/^retention\.cases\.rules\[0\]\.years \(line 4\) is shorter than the 5 years/),
    ]);
  });

  test('rules that never match, or that make others void, are warned of', async () => {
    const rules = 'rules: [{ years: 10, when: { facts: { risk: [HIGH] } } }, { when: {} }]';
    expect(await warningsFor('cases:', `  ${rules}`)).toEqual([
      expect.stringMatching(/^retention\.cases\.rules\[0\]\.when\.facts\.risk \(line 3\) is not in reports\.facts/),
      expect.stringMatching(/^retention\.cases\.rules\[1\] \(line 3\) has no condition.* retention\.cases\.years/),
    ]);
  });

  test('to erase automatically is warned of exactly if every case is kept for ever', async () => {
    const rule = (years: string) => `cases: { rules: [{ years: ${years}, when: { countries: [NO] } }] }`;
    const useless = [expect.stringMatching(/^retention\.erase \(line 2\) erases nothing/)];
    expect(await warningsFor('erase: automatic')).toEqual(useless);
    expect(await warningsFor('erase: automatic', rule('null'))).toEqual(useless);
    expect(await warningsFor('erase: automatic', rule('10'))).toEqual([]);
    expect(await warningsFor('erase: automatic', 'cases: { years: 5 }')).toEqual([]);
    expect(await warningsFor('erase: report')).toEqual([]);
  });
});
