import { describe, expect, test } from 'vitest';
import { accountYaml, configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const limits = [
  { path: 'concurrency', good: ['1', '64'], bad: ['0', '1.5', '-1', '"4"', '.inf', 'many', '[4]'] },
  { path: 'personalData', good: ['keep', 'drop', 'minimal'], bad: ['Keep', 'true', 'none', '{}'] },
  { path: 'missingGuard.ratio', good: ['0', '0.5', '1'], bad: ['-0.1', '1.01', '20%', '.nan'] },
  { path: 'missingGuard.atLeast', good: ['0', '1000'], bad: ['-1', '2.5', '.inf'] },
  { path: 'statusTargets.ACTIVE', good: ['0.5', '87600'], bad: ['0', '-1', '87601', '.inf', '48h'] },
  { path: 'reports.calendar.country', good: ['NO', 'SE', 'DE-BY', 'CK-Aitutaki'], bad: ['no', 'XX', 'DE-XX', '47'] },
  { path: 'reports.calendar.weekdays', good: ['[1]', '[7, 1]', '[1,2,3,4,5,6,7]'], bad: ['[]', '1', '1-5'] },
  {
    path: 'reports.calendar.hours',
    good: ['08:00-16:00', '"00:00-23:59"', '23:58-23:59'],
    bad: [
      '16:00-08:00',
      '22:00-06:00',
      '08:00-08:00',
      '00:00-24:00',
      '24:00-08:00',
      '8-16',
      '08:00 - 16:00',
      '8',
      '""',
    ],
  },
  { path: 'reports.calendar.closed', good: ['[]', '[2026-12-24, "2028-02-29"]'], bad: ['2026-12-24', '24'] },
  {
    path: 'reports.facts.level',
    good: ['"$.events[last].case.a"', '"strict $.a"', "'lax ($.a) + 1'"],
    bad: ['events[0]', '""', '5', '[a]', '{}'],
  },
  { path: 'reports.reviews.everyMonths', good: ['1', '1200'], bad: ['0', '1201', '1.5', 'yearly'] },
  { path: 'reports.reviews.dueSoonDays', good: ['0', '3650'], bad: ['-1', '3651', '60d'] },
  {
    path: 'reports.reviews.rules',
    good: [
      '[]',
      '[{ everyMonths: 12 }]',
      '[{ everyMonths: 12, when: { countries: [SE], packages: [], products: [a b], facts: { risk: [HIGH] } } }]',
    ],
    bad: ['{ everyMonths: 12 }', '12'],
  },
  {
    path: 'statusTargets.ACTIVE',
    good: ['{ businessHours: 0.5 }', '{ businessHours: 8760 }'],
    bad: ['[40]', '"40"', 'true'],
  },
  { path: 'statusTargets.ACTIVE.businessHours', good: ['40'], bad: ['0', '-1', '8761', '"40"', '[]'] },
  { path: 'retention.rejectedDays', good: ['1', '36500'], bad: ['0', '0.5', '36501'] },
  { path: 'retention.runDays', good: ['1', '36500'], bad: ['0', '-3', 'never'] },
  { path: 'retention.cases.years', good: ['1', '100', 'null', ''], bad: ['0', '-5', '101', '5.5', '"5"', 'never'] },
  {
    path: 'retention.cases.rules',
    good: ['[]', '[{ years: 10 }]', '[{ years: null, when: { countries: [SE], facts: { risk: [HIGH] } } }]'],
    bad: ['{ years: 10 }', '10'],
  },
  { path: 'retention.erase', good: ['report', 'automatic'], bad: ['never', 'true', '""'] },
  { path: 'api.timeoutSeconds', good: ['0.1', '86400'], bad: ['0', '86401', '60s'] },
  { path: 'api.maxItemMegabytes', good: ['0.001', '200'], bad: ['0', '200.1', '-16'] },
  { path: 'server.port', good: ['0', '65535'], bad: ['-1', '65536', '80.5', '"8080"'] },
  { path: 'server.host', good: ['localhost', '"::1"'], bad: ['""', '127'] },
  {
    path: 'schedule',
    good: ['"* * * * *"', '"30 */5 * * * *"', '"0 6 * * mon-fri"'],
    bad: [
      '"* * * *"',
      '"* * * * * * *"',
      '"61 * * * *"',
      '"0 0 30 2 *"',
      '"0 0 30W 2 *"',
      '"@daily"',
      '""',
      'hourly',
      '15',
    ],
  },
  {
    path: 'timezone',
    good: ['Europe/Oslo', 'UTC', 'America/Argentina/Ushuaia'],
    bad: ['Europe/Olso', '"+02:00"', '"-05"', '""', '2', '"UTC "'],
  },
  {
    path: 'api.baseUrl',
    good: ['https://api.dintero.com/v1', '"http://127.0.0.1:8081"', '"http://[::1]:80/v1/"'],
    bad: [
      'api.dintero.com/v1',
      'ftp://api.dintero.com',
      'https://',
      '"https://user:x@host/"',
      '"https://host/?a=b"',
      '"https://host/v1 "',
      '"https://host:99999/"',
      'file:///etc/passwd',
    ],
  },
];

/** `a.b.c: value` as YAML. */
function nested(path: string, value: string): string {
  return path
    .split('.')
    .map((key, depth) => `${'  '.repeat(depth)}${key}:`)
    .join('\n')
    .concat(` ${value}`);
}

describe.each(limits)('$path', ({ path, good, bad }) => {
  test.each(good)('may be %s', async (value) => {
    const config = await configFrom(fileYaml(nested(path, value)), { env: secretEnv });
    expect(config.accounts).toHaveLength(1);
  });

  test.each(bad)('must not be %s', async (value) => {
    const problems = await problemsFrom(fileYaml(nested(path, value)), { env: secretEnv });
    expect(Object.keys(problems)).toEqual([path]);
    expect(problems[path]?.message).toMatch(/^must be /);
  });
});

test.each(['P1234567', 'P123456789', 'X12345678', 'p12345678', '12345678', '""', '"P12345678\\n"'])(
  'an account id must not be %s',
  async (id) => {
    const problems = await problemsFrom(`accounts:\n${accountYaml(id)}`, { env: secretEnv });
    expect(Object.keys(problems)).toEqual(['accounts[0].id']);
  },
);

test.each(['P12345678', 'P1120000', 'T112000000'])('a partner id must not be %s', async (id) => {
  const partner = `partners:\n${accountYaml(id)}`;
  expect(Object.keys(await problemsFrom(fileYaml(partner), { env: secretEnv }))).toEqual(['partners[0].id']);
});

test("an account's own schedule is checked like the general one", async () => {
  const withSchedule = (schedule: string) => `accounts:\n${accountYaml('P12345678', `schedule: "${schedule}"`)}`;
  const config = await configFrom(withSchedule('*/5 * * * *'), { env: secretEnv });
  expect(config.accounts[0]?.schedule).toBe('*/5 * * * *');
  const problems = await problemsFrom(withSchedule('often'), { env: secretEnv });
  expect(Object.keys(problems)).toEqual(['accounts[0].schedule']);
});

test('a status in small letters is a problem, an unknown status is not', async () => {
  const problems = await problemsFrom(fileYaml('statusTargets: { under_manual_review: 48 }'), { env: secretEnv });
  expect(problems['statusTargets.under_manual_review']?.message).toContain('such as UNDER_MANUAL_REVIEW');
  const config = await configFrom(fileYaml('statusTargets: { RE_CHECKED_2: 1.5 }'), { env: secretEnv });
  expect(config.statusTargets).toEqual({ RE_CHECKED_2: 1.5 });
});

test('text that YAML reads as a number must be in quotes', async () => {
  const problems = await problemsFrom(`accounts:\n${accountYaml('P12345678', 'label: 2024')}`, { env: secretEnv });
  expect(problems['accounts[0].label']?.message).toBe('must be text: put it in quotes');
});

test('text that Postgres cannot store is a problem', async () => {
  const problems = await problemsFrom(`accounts:\n${accountYaml('P12345678', 'label: "a\\0b"')}`, { env: secretEnv });
  expect(problems['accounts[0].label']?.message).toBe('must be text without U+0000');
});

test.each([
  ['concurency', 'did you mean concurrency?'],
  ['personal_data', 'did you mean personalData?'],
  ['status-targets', 'did you mean statusTargets?'],
  ['API', 'did you mean api?'],
  ['database', 'known here: schedule, timezone, concurrency'],
  ['__proto__', 'known here: schedule'],
  ['constructor', 'known here: schedule'],
  ['x'.repeat(60), 'known here: schedule'],
])('the unknown key %s is a problem with a suggestion', async (key, suggestion) => {
  const problems = await problemsFrom(fileYaml(`${key}: 1`), { env: secretEnv });
  expect(Object.keys(problems)).toEqual([key]);
  expect(problems[key]).toMatchObject({ line: 1, message: expect.stringContaining(suggestion) });
});

test('unknown keys are found in every section', async () => {
  const lines = ['missingGuard: { ration: 1 }', 'api:', '  baseURL: x', '  timeout: 1', 'partners:'];
  const partner = accountYaml('P11200000', 'discovery: true');
  const account = accountYaml('P12345678', 'clientSecretfile: x', 'filters: { status: [] }');
  const yaml = [...lines, partner, 'accounts:', account].join('\n');
  const problems = await problemsFrom(yaml, { env: secretEnv });
  expect(Object.entries(problems).map(([path, { line, message }]) => [line, path, message])).toEqual([
    [1, 'missingGuard.ration', 'is not a known key; did you mean ratio?'],
    [3, 'api.baseURL', 'is not a known key; did you mean baseUrl?'],
    [4, 'api.timeout', expect.stringContaining('known here: baseUrl, audienceBase, timeoutSeconds')],
    [9, 'partners[0].discovery', 'is not a known key; did you mean discover?'],
    [14, 'accounts[0].clientSecretfile', 'is not a known key; did you mean clientSecretFile?'],
    [15, 'accounts[0].filters.status', expect.stringContaining('known here: products, caseStatus')],
  ]);
});

test.each([
  ['accounts: P12345678', 'accounts', 'must be a list'],
  ['accounts: [P12345678]', 'accounts[0]', 'must be a map of keys and values'],
  ['accounts:\n  -', 'accounts[0]', 'is missing; it must be a map of keys and values'],
  ['accounts: { P12345678: {} }', 'accounts', 'must be a list: each entry begins with "- "'],
])('%s is not a list of accounts', async (yaml, path, message) => {
  const problems = await problemsFrom(yaml);
  expect(problems[path]?.message).toBe(message);
});
