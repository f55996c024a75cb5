import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/config/yaml.ts';
import { configErrorFrom, configFrom, fileYaml, secretEnv } from '../support/config-file.ts';

describe('invalid YAML is a problem with its line', () => {
  test.each([
    ['schedule: */15 * * * *', 1, 'put a value in quotes that begins with *'],
    ['a: 1\npayoutDestinationId: *', 2, 'put a value in quotes that begins with *'],
    ['a: 1\nserver: { host: ${HOST}, port: 80 }', 2, 'or that has { }'],
    ['a: 1\na: s3cret', 2, 'given twice'],
    ['a:\n\tb: s3cret', 2, 'tab'],
    ['a: "s3cret', 1, 'closing quote'],
    ['a: "s3cret" s3cret', 1, 'is not valid YAML'],
    ['a: b: s3cret', 1, 'more than one ": "'],
    ['a: [s3cret', 1, 'a bracket is not closed'],
    ['a: @s3cret', 1, 'put a value in quotes'],
    ['a: 1\n---\nb: s3cret', 2, 'second document'],
    ['a: !s3cret x', 1, 'a tag'],
    ['a: !!binary czNjcmV0', 1, 'a tag'],
    ['a: "C:\\s3cret"', 1, 'write a path of Windows in single quotes'],
    ['? [s3cret]\n: 1', 1, 'a key is a list or a map'],
  ])('%j', (source, line, message) => {
    const { content, problems } = parseYaml(source);
    expect(content).toBeNull();
    expect(problems[0]).toEqual({ path: '', line, message: expect.stringContaining(message) });
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });
});

test.each([
  ['an alias without an anchor', 'a: *s3cret'],
  ['an anchor inside itself', 'a: &a { b: *a }'],
  [
    'aliases that multiply',
    'a: &a [1, 1]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: &d [*c, *c, *c]\ne: [*d, *d, *d, *d]',
  ],
])('%s is a problem', (_, source) => {
  const { content, problems } = parseYaml(source);
  expect(content).toBeNull();
  expect(problems).toEqual([{ path: '', line: null, message: expect.stringContaining('an alias') }]);
});

test('brackets that never end are a problem, not a crash', () => {
  expect(parseYaml('['.repeat(100_000)).content).toBeNull();
});

test('an alias has the value of its anchor', async () => {
  const config = await configFrom(fileYaml('schedule: &often "* * * * *"', 'timezone: UTC'), { env: secretEnv });
  expect(config.schedule).toBe('* * * * *');
  expect(parseYaml('a: &x [1]\nb: *x').content?.tree).toEqual({ a: [1], b: [1] });
});

test("a path's line is that of its key or item, or of its nearest parent", () => {
  const source = '# comment\na:\n  b: |\n    text\n  c:\n    - d: 1\n\n    - d: 2\ne:\n';
  const lineOf = parseYaml(source).content?.lineOf;
  const lines = [
    ['a'],
    ['a', 'b'],
    ['a', 'c', 0],
    ['a', 'c', 1, 'd'],
    ['a', 'c', 1, 'x'],
    ['a', 'c', 7],
    ['e'],
    ['x'],
    [],
  ];
  expect(lines.map((path) => lineOf?.(path))).toEqual([2, 3, 6, 8, 8, 5, 9, null, null]);
});

test('a byte order mark and Windows line ends are accepted', async () => {
  const config = await configFrom(`\uFEFF${fileYaml('concurrency: 2').replaceAll('\n', '\r\n')}`, { env: secretEnv });
  expect(config.concurrency).toBe(2);
});

test.each([
  ['', 'is empty'],
  ['# only a comment\n', 'is empty'],
  ['~', 'is empty'],
  ['- id: P12345678', 'is not a map'],
  ['s3cret', 'is not a map'],
  ['42', 'is not a map'],
])('the file %j is not a configuration', async (source, message) => {
  const error = await configErrorFrom(source);
  expect(error.problems).toEqual([{ path: '', line: null, message: expect.stringContaining(message) }]);
  expect(error.message).not.toContain('s3cret');
});
