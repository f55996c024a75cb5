import { expect, test } from 'vitest';
import { substitute } from '../../src/config/substitution.ts';

test('a variable may be a whole value or a part of one, anywhere in the file', () => {
  const tree = { a: '${ONE}', b: ['x-${ONE}-${TWO_2}', { c: '${_}' }] };
  expect(substitute(tree, { ONE: '1', TWO_2: '2', _: '3' })).toEqual({
    tree: { a: '1', b: ['x-1-2', { c: '3' }] },
    issues: [],
  });
});

test("a variable's value is inserted as is, with ${ and $& in it", () => {
  const env = { SECRET: '${OTHER} $& $1 ${', OTHER: 'x', PORT: '8080' };
  expect(substitute({ a: '${SECRET}', b: '${PORT}' }, env)).toEqual({
    tree: { a: '${OTHER} $& $1 ${', b: '8080' },
    issues: [],
  });
});

test('keys, numbers and a dollar without a brace stay as they are', () => {
  const tree = { '${ONE}': 1, price: '$5 $ONE {ONE}', flag: true };
  expect(substitute(tree, { ONE: 'x' })).toEqual({ tree, issues: [] });
});

test('each variable that is not set or empty is an issue that names it', () => {
  const { issues } = substitute({ a: ['${GONE} ${EMPTY}'] }, { EMPTY: '' });
  expect(issues).toEqual([
    { path: ['a', 0], message: 'needs the environment variable GONE, which is not set; set it' },
    { path: ['a', 0], message: 'needs the environment variable EMPTY, which is empty; set it' },
  ]);
});

test.each(['${}', '${A-B}', '${NAME:-s3cret}', '${1}', '${NAME', '${ NAME }'])('%s is an issue', (value) => {
  const { issues } = substitute(value, { NAME: 'x' });
  expect(issues).toEqual([{ path: [], message: expect.stringContaining('in another form than ${NAME}') }]);
  expect(issues[0]?.message).not.toContain('s3cret');
});

test('a property that every object inherits is not a variable', () => {
  expect(substitute('${constructor}', {}).issues).toEqual([
    { path: [], message: 'needs the environment variable constructor, which is not set; set it' },
  ]);
});
