import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configErrorFrom, problemsFrom } from '../support/config-file.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../support/hostile-text.ts';

const fiveMistakes = await readFile(new URL('../fixtures/config/five-mistakes.yaml', import.meta.url), 'utf8');

test('all problems are reported at once, each with its line and path', async () => {
  const error = await configErrorFrom(fiveMistakes, { env: { ACME_SECRET: 's3cret' } });
  expect(error.problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
    '1 schedule',
    '2 concurency',
    '4 accounts[0].id',
    '7 accounts[1].clientId',
    '9 accounts[1].includeContracts',
  ]);
  expect(error.message.split('\n')).toEqual([
    expect.stringMatching(/^The configuration has 5 problems \(\/.*cdd-sync\.yaml\):$/),
    '  line 1, schedule: must be a cron expression of five fields, or six with seconds first, in quotes, such as "*/15 * * * *": it has 4 fields',
    '  line 2, concurency: is not a known key; did you mean concurrency?',
    '  line 4, accounts[0].id: must be P (production) or T (test) and eight digits, such as P12345678',
    '  line 7, accounts[1].clientId: is missing; an account needs either clientId and its secret, or partner',
    '  line 9, accounts[1].includeContracts: must be true or false: yes, no, on and off are texts',
  ]);
});

test('problems of the file and of the variables are reported together', async () => {
  const problems = await problemsFrom('accounts: []', { env: { PORT: 'eighty', DATABASE_URL: 'mysql://x' } });
  expect(Object.keys(problems).sort()).toEqual(['DATABASE_URL', 'PORT', 'accounts']);
});

test('an unknown key is reported before its missing variable, and that before its missing value', async () => {
  const yaml = 'accounts:\n  - id: ${ID}\n    clientid: ${CLIENT}\n    clientSecret: ${SECRET}';
  const { problems } = await configErrorFrom(yaml, { env: { SECRET: 's3cret' } });
  expect(problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
    'accounts[0].id needs the environment variable ID, which is not set; set it',
    'accounts[0].clientId is missing; an account needs either clientId and its secret, or partner',
    'accounts[0].clientid is not a known key; did you mean clientId?',
  ]);
});

test('a syntax error is reported with its line', async () => {
  const { message } = await configErrorFrom('schedule: "* * * * *"\nschedule: "* * * * *"');
  expect(message.split('\n')[1]).toBe('  line 2: a key is given twice in one map; keep one of them');
});

test('no problem shows a secret, wherever it stands', async () => {
  const yaml = [
    'schedule: s3cret',
    'timezone: s3cret',
    'personalData: s3cret',
    'statusTargets: { ACTIVE: s3cret }',
    'api: { baseUrl: "https://user:s3cret@host" }',
    'partners:',
    '  - { id: s3cret, clientId: x, clientSecret: [s3cret] }',
    'accounts:',
    '  - { id: s3cret, partner: s3cret, clientSecret: s3cret, clientSecretFile: s3cret, webhookSecret: 987654321 }',
    '  - { id: T12345678, clientId: "${ID}", clientSecretFile: s3cret, label: "${s3cret" }',
  ].join('\n');
  const env = { ID: '', DATABASE_URL: 'postgres://user:s3cret@host:port/db', LOG_LEVEL: 's3cret', PORT: 's3cret' };
  const error = await configErrorFrom(yaml, { env });
  expect(error.problems.length).toBeGreaterThan(12);
  const shown = JSON.stringify([error.message, error.stack, error.problems, error.cause ?? null]);
  expect(shown).not.toMatch(/s3cret|987654321/);
});

test.each(Object.entries(HOSTILE_TEXTS))(
  'a key with %s is escaped, and its problem is one line',
  async (_name, key) => {
    const yaml = `schedule: x\n${JSON.stringify(key)}: 1\naccounts: []\n`;
    const { message } = await configErrorFrom(yaml);
    expect(isSafeToShow(message)).toBe(true);
    expect(message.split('\n')).toHaveLength(4);
  },
);
