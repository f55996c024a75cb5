import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { surroundings } from '../support/surroundings/list.ts';

test('the workflow has one job for each of the surroundings', () => {
  const workflow = parse(readFileSync(join(import.meta.dirname, '../../.github/workflows/ci.yml'), 'utf8'));
  expect(workflow.jobs.surroundings.strategy.matrix.surroundings).toEqual(surroundings.map(({ name }) => name));
});
