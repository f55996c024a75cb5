import { expect, test } from 'vitest';
import { styleOf } from '../../../src/cli/terminal/style.ts';

const onTerminal = (variables: Record<string, string>) => styleOf({ terminal: { columns: 100 }, variables });
const inPipe = (variables: Record<string, string>) => styleOf({ terminal: null, variables });

test.each([
  ['a terminal has colours', onTerminal({}), true],
  ['not with NO_COLOR', onTerminal({ NO_COLOR: '1' }), false],
  ['an empty NO_COLOR says nothing', onTerminal({ NO_COLOR: '' }), true],
  ['not on a dumb terminal', onTerminal({ TERM: 'dumb' }), false],
  ['a pipe has none', inPipe({}), false],
  ['unless FORCE_COLOR asks for them', inPipe({ FORCE_COLOR: '1' }), true],
  ['FORCE_COLOR stands above NO_COLOR', inPipe({ FORCE_COLOR: '', NO_COLOR: '1' }), true],
  ['FORCE_COLOR=0 takes them away', onTerminal({ FORCE_COLOR: '0' }), false],
])('%s', (_claim, style, hasColors) => {
  expect(style.hasColors).toBe(hasColors);
});

test.each([
  ['the width of a terminal is its own', onTerminal({ COLUMNS: '40' }), 100],
  ['COLUMNS tells it elsewhere', inPipe({ COLUMNS: '132' }), 132],
  ['80 without it', inPipe({}), 80],
  ['80 if it is no number', inPipe({ COLUMNS: 'wide' }), 80],
  ['80 if a terminal does not tell', styleOf({ terminal: { columns: 0 }, variables: {} }), 80],
])('%s', (_claim, style, width) => {
  expect(style.width).toBe(width);
});
