import { expect, test } from 'vitest';
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
