import { expect, test } from 'vitest';
import { substitute } from '../../src/config/substitution.ts';

test('variables are put in anywhere, whole or in part', () => {
  const tree = { a: '${ONE}', b: ['x-${ONE}-${TWO_2}', { c: '${_}' }] };
  expect(substitute(tree, { ONE: '1', TWO_2: '2', _: '3' })).toEqual({
    tree: { a: '1', b: ['x-1-2', { c: '3' }] },
    findings: [],
  });
});

test('what a variable holds is text, and a ${ or $& in it means nothing', () => {
  const env = { SECRET: '${OTHER} $& $1 ${', OTHER: 'x', PORT: '8080' };
  expect(substitute({ a: '${SECRET}', b: '${PORT}' }, env)).toEqual({
    tree: { a: '${OTHER} $& $1 ${', b: '8080' },
    findings: [],
  });
});

test('keys, numbers and a dollar without a brace stay as they are', () => {
  const tree = { '${ONE}': 1, price: '$5 $ONE {ONE}', flag: true };
  expect(substitute(tree, { ONE: 'x' })).toEqual({ tree, findings: [] });
});

test('a variable that is not set or empty is a finding that names it, each of them one', () => {
  const { findings } = substitute({ a: ['${GONE} ${EMPTY}'] }, { EMPTY: '' });
  expect(findings).toEqual([
    { path: ['a', 0], message: 'needs the variable GONE, which is not set; set it' },
    { path: ['a', 0], message: 'needs the variable EMPTY, which is empty; set it' },
  ]);
});

test.each(['${}', '${A-B}', '${NAME:-s3cret}', '${1}', '${NAME', '${ NAME }'])('%s is a finding', (value) => {
  const { findings } = substitute(value, { NAME: 'x' });
  expect(findings).toEqual([{ path: [], message: expect.stringContaining('that is no ${NAME}') }]);
  expect(findings[0]?.message).not.toContain('s3cret');
});

test('what every object inherits is not a variable', () => {
  expect(substitute('${constructor}', {}).findings).toEqual([
    { path: [], message: 'needs the variable constructor, which is not set; set it' },
  ]);
});
