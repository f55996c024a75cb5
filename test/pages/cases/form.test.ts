import { describe, expect, it } from 'vitest';
import { parseFilter, shownState } from '../../../src/pages/cases/filter.ts';
import { filterForm } from '../../../src/pages/cases/form.ts';

const parsed = (query: URLSearchParams | string) => parseFilter(new URLSearchParams(query)).filter;

/** What a browser sends of the form of an address, after a person changed some of its fields. */
function sent(query: string, changes: Record<string, string> = {}): URLSearchParams {
  const text = String(filterForm(parsed(query), [{ status: 'ACTIVE' }, { status: 'DECLINED' }]));
  const inputs = [...text.matchAll(/<input[^>]* name="(\w+)" value="([^"]*)"/g)];
  const selects = [...text.matchAll(/<select name="(\w+)">(.*?)<\/select>/gs)].map(([, name, options = '']) => [
    '',
    name,
    (/value="([^"]*)" selected/.exec(options) ?? /value="([^"]*)"/.exec(options))?.[1],
  ]);
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of [...inputs, ...selects]) fields.append(name, value);
  for (const [name, value] of Object.entries(changes)) {
    expect([name, fields.has(name)]).toEqual([name, true]);
    fields.set(name, value);
  }
  return fields;
}

describe('the form of the list', () => {
  it.each([
    ['decision', 'declined'],
    ['declined_before', 'yes'],
    ['review_by', '2027-03-31'],
    ['stage', 'approved'],
    ['status', 'ACTIVE'],
    ['opened_from', '2026-01-01'],
    ['q', 'hansen'],
  ])('looks at cases of every state when it is sent with %s=%s alone', (name, value) => {
    expect(shownState(parsed(sent('', { [name]: value })))).toBe('all');
  });

  it('looks at open cases when it is sent as it is first shown', () => {
    expect(shownState(parsed(sent('')))).toBe('open');
  });

  it.each([
    '',
    'state=open&decision=declined',
    'state=all',
    'state=gone&status=ACTIVE&target=breached',
    'review_by=2027-03-31&decision=approved&opened_to=2026-03-01&country=NO',
    'account=P1&account=T2&stage=none&waiting_from_hours=24&copies=all&in_backlog=yes&sort=-due',
  ])('sends what the address %s says', (query) => {
    expect(parsed(sent(query))).toEqual(parsed(query));
  });
});
