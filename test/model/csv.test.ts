import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/model/csv.ts';

describe('a line of CSV', () => {
  it('has quotation marks where RFC 4180 wants them', () => {
    expect(csvLine(['a,b', 'say "x"', 'two\nlines', 'plain', null, 1.5])).toBe(
      '"a,b","say ""x""","two\nlines",plain,,1.5\r\n',
    );
  });

  it('never begins a text as a formula, and leaves numbers alone', () => {
    expect(csvLine(['=1+1', '+47', '-x', '@sum', '\tx', '\rx', -5])).toBe(`'=1+1,'+47,'-x,'@sum,'\tx,"'\rx",-5\r\n`);
    expect(csvLine([{ exact: '-5.0' }, { exact: '{"a":1}' }])).toBe('-5.0,"{""a"":1}"\r\n');
  });
});
