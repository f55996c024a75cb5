// Mistakes that people make in a configuration, and the words of the correction that they get.
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../src/config/encoding.ts';
import { readConfigFile } from '../../src/config/file.ts';
import {
  accountYaml,
  configErrorFrom,
  configFrom,
  fileYaml,
  problemOf,
  problemsFrom,
  secretEnv,
} from '../support/config-file.ts';

const env = secretEnv;

/** The problem of an account with these lines in place of its id, client id and secret. */
async function accountProblem(...lines: string[]): Promise<string> {
  const { problems } = await configErrorFrom(`accounts:\n  - ${lines.join('\n    ')}\n`, { env });
  return problems.map(({ line, path, message }) => `${line} ${path}: ${message}`).join('\n');
}

describe('a schedule', () => {
  test.each([
    ['"60 * * * *"', 'the minutes are 0 to 59'],
    ['"1,2,60 * * * *"', 'the minutes are 0 to 59'],
    ['"0 24 * * *"', 'the hours are 0 to 23'],
    ['"0 0 0 * *"', 'the days of the month are 1 to 31'],
    ['"0 0 * 13 *"', 'the months are 1 to 12'],
    ['"0 0 * * 8"', 'the days of the week are 0 to 7'],
    ['"60 0 * * * *"', 'the seconds are 0 to 59'],
    ['"*/90 * * * *"', 'a step in the minutes is at most 60'],
    ['"0 */25 * * *"', 'a step in the hours is at most 24'],
    ['"5/15 * * * *"', 'in the minutes, a step needs a range in front, such as 0-59/15'],
    ['"0 0/15 * * * ?"', 'a step needs a range in front'],
    ['"0 0 * * ?"', 'in the days of the week, write * instead of ?'],
    ['"H * * * *"', 'in the minutes, H is of Jenkins'],
    ['"@hourly"', 'write "0 * * * *"'],
    ['"@daily"', 'write "0 0 * * *"'],
    ['"0 0 31 2 *"', 'there is no such day'],
    ['"0-59/0 * * * *"', 'the minutes cannot be read'],
    ['"1,,2 * * * *"', 'the minutes cannot be read'],
    ['"0 8.5 * * *"', 'the hours cannot be read'],
    ['"*/5\\t* * * *"', 'separate the fields by spaces'],
    ['"0 0 * * * * 2026"', 'there is none for the year'],
    ['"* * * *"', 'it has 4 fields'],
    ['15', 'for every 15 minutes write "*/15 * * * *"'],
    ['15m', 'for every 15 minutes write "*/15 * * * *"'],
    ['every 15 minutes', 'for every 15 minutes write "*/15 * * * *"'],
    ['"“*/15 * * * *”"', 'in typographic quotes'],
  ])('must not be %s', async (value, words) => {
    const problem = await problemOf(`schedule: ${value}`);
    expect(problem).toMatch(/^1 schedule: must be a cron expression/);
    expect(problem).toContain(words);
  });

  test.each(['"0 9 * * MON-FRI"', '"0 9 1 JAN *"', '"*/60 * * * *"', '"00 09 * * 7"', '"0,30 8-16/2 * * 1-5"'])(
    'may be %s',
    async (value) => {
      expect((await configFrom(fileYaml(`schedule: ${value}`), { env })).warnings).toEqual([]);
    },
  );

  test('that is due every second causes a warning, for a general one and that of an account', async () => {
    const yaml = `schedule: "* * * * * *"\naccounts:\n${accountYaml('P12345678', 'schedule: "* */5 * * * *"')}`;
    const { warnings } = await configFrom(yaml, { env });
    expect(warnings).toEqual([
      expect.stringMatching(/^schedule \(line 1\) is due every second: of six fields, the first is the seconds/),
      expect.stringMatching(/^accounts\[0\]\.schedule \(line 6\) is due every second/),
    ]);
  });
});

describe('a time zone', () => {
  test.each([
    ['Oslo', 'did you mean Europe/Oslo?'],
    ['Europe/Olso', 'did you mean Europe/Oslo?'],
    ['Europe-Oslo', 'did you mean Europe/Oslo?'],
    ['New York', 'did you mean America/New_York?'],
    // Postgres reads it as one hour ahead of UTC in summer too, Node as the time of Brussels.
    ['CET', 'abbreviations are ambiguous; name a city, such as Europe/Oslo'],
    ['CEST', 'abbreviations are ambiguous'],
    ['IST', 'abbreviations are ambiguous'],
    ['UTC+1', 'an offset has no summer time; name a city, such as Europe/Oslo'],
    ['GMT+01:00', 'an offset has no summer time'],
    ['"+01:00"', 'an offset has no summer time'],
    ['W. Europe Standard Time', 'names of Windows are not known'],
  ])('must not be %s', async (value, words) => {
    const problem = await problemOf(`timezone: ${value}`);
    expect(problem).toMatch(/^1 timezone: must be the name of a time zone/);
    expect(problem).toContain(words);
  });

  test.each(['Europe/oslo', 'utc', 'GMT', 'US/Pacific', 'Europe/Kyiv', 'Japan', 'EST'])('may be %s', async (value) => {
    expect((await configFrom(fileYaml(`timezone: ${value}`), { env })).timezone).toBe(value);
  });
});

test.each([
  `<<<<<<< HEAD\n${fileYaml()}\n=======\nconcurrency: 5\n>>>>>>> theirs\n`,
  `${fileYaml()}\n<<<<<<< ours\nconcurrency: 4\n||||||| base\n=======\nconcurrency: 5\n>>>>>>> theirs\n`,
])('a merge conflict of Git is one problem', async (yaml) => {
  const { problems } = await configErrorFrom(yaml, { env });
  const line = yaml.split('\n').findIndex((text) => text.startsWith('<<<<<<<')) + 1;
  expect(problems).toEqual([{ path: '', line, message: expect.stringContaining('a conflict of Git begins') }]);
});

describe('an account', () => {
  const client = ['clientId: acme', 'clientSecret: ${SECRET}'];
  test.each([
    [
      'id: 12345678',
      'accounts[0].id: must be P (production) or T (test) and eight digits, such as P12345678: the letter',
    ],
    ['id: 01234567', 'the letter in front is missing; YAML also drops zeros in front of a number'],
    ['id: "12345678"', 'the letter in front is missing'],
    ['id: 1e5', 'the letter in front is missing'],
    ['id: 0x1F', 'the letter in front is missing'],
    ['id: p12345678', 'the letter is a capital'],
    ['id: "P12345678\\n"', 'remove the space or line break'],
    ['id: “P12345678”', 'in typographic quotes'],
    ['id: \'"P12345678"\'', 'the quotes are part of the value'],
  ])('must not have %s', async (id, words) => {
    expect(await accountProblem(id, ...client)).toContain(words);
  });

  test.each([
    ['clientId: 12345', 'accounts[0].clientId: must be text: put it in quotes'],
    ['clientId: 0123', 'must be text: put it in quotes'],
    ['clientId: 1e5', 'must be text: put it in quotes'],
    ['clientId: 12345678901234567890', 'must be text: put it in quotes'],
    ['clientId: true', 'must be text: put it in quotes'],
    ['clientId: a:b', 'has a colon, which ends the user in HTTP Basic authentication (RFC 7617)'],
    ['clientId: "acme "', 'remove the space or line break'],
    ['clientId: ac\u200bme', 'a no-break or invisible space'],
    ['clientId: “acme”', 'in typographic quotes'],
    ['clientId: "ac\\nme"', 'it has more than one line'],
    ['clientId: {{ CLIENT_ID }}', 'A variable is written ${NAME}, not {{ NAME }}'],
    ['clientId: $CLIENT_ID', 'write ${NAME}, with braces'],
    ['clientId: "%CLIENT_ID%"', 'write ${NAME}, with braces'],
    ['clientId: $env:CLIENT_ID', 'write ${NAME}, with braces'],
    ['clientId: $(CLIENT_ID)', 'write ${NAME}, with braces'],
    ['clientId: "{{ client_id }}"', 'write ${NAME}, with braces'],
    ['clientId: ${CLIENT_ID:-acme}', 'there are no defaults'],
    ['clientId: ${GONE}', 'needs the environment variable GONE, which is not set'],
    ['clientId: ~', 'accounts[0].clientId: is missing'],
  ])('must not have %s', async (line, words) => {
    expect(await accountProblem('id: P12345678', 'clientSecret: ${SECRET}', line)).toContain(words);
  });

  test('may have a secret that begins with a dollar sign, or has a colon', async () => {
    const yaml = 'accounts:\n  - { id: P12345678, clientId: acme, clientSecret: "$ecret:x$HOME" }\n';
    expect((await configFrom(yaml)).accounts[0]?.credentials.clientSecret).toBe('$ecret:x$HOME');
  });

  test.each(['s3cret\n', ' s3cret', 's3cret\r\n', '"s3cret"', '\u00a0s3cret'])(
    'must not have the secret %j in its variable, which no message repeats',
    async (SECRET) => {
      const { problems, message } = await configErrorFrom(fileYaml(), { env: { SECRET } });
      expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual(['4 accounts[0].clientSecret']);
      expect(message).not.toContain('s3cret');
    },
  );

  test('without a file: the variables are checked the same way', async () => {
    const account = { DINTERO_ACCOUNT_ID: '12345678', DINTERO_CLIENT_ID: 'a:b', DINTERO_CLIENT_SECRET: 's3cret\n' };
    const problems = await problemsFrom(null, { env: account });
    expect(problems.DINTERO_ACCOUNT_ID?.message).toContain('the letter in front is missing');
    expect(problems.DINTERO_CLIENT_ID?.message).toContain('RFC 7617');
    expect(problems.DINTERO_CLIENT_SECRET?.message).toContain('remove the space or line break');
  });
});

describe('other values', () => {
  test.each([
    ['api: { baseUrl: api.dintero.com/v1 }', 'put https:// in front'],
    ['api: { baseUrl: "https://$HOST/v1" }', 'write ${NAME}, with braces'],
    ['concurrency: "4"', 'not text: no quotes, no ${NAME}'],
    ['server: { port: "${SECRET}" }', 'not text: no quotes, no ${NAME}'],
    ['personalData: yes', 'must be keep, drop or minimal'],
  ])('must not be %s', async (line, words) => {
    expect(await problemOf(line)).toContain(words);
  });
});

describe('a key in the wrong place', () => {
  test.each([
    ['clientId: acme', 'it belongs into an entry of accounts: check the indentation'],
    ['baseUrl: https://api.dintero.com/v1', 'it belongs under api: check the indentation'],
    ['api: { port: 80 }', 'it belongs under server: check the indentation'],
    ['server: { concurrency: 2 }', 'it belongs at the beginning of a line, outside of any section'],
    ['api: { <<: 1 }', 'is a merge key'],
    ['\u200bschedule: x', 'a no-break or invisible space'],
  ])('%s', async (line, words) => {
    expect(await problemOf(line)).toContain(words);
  });

  test('an account with a "- " before each key', async () => {
    const { problems } = await configErrorFrom('accounts:\n  - id: P12345678\n  - clientId: a\n', { env });
    const missing = problems.find(({ path }) => path === 'accounts[1].id');
    expect(missing).toMatchObject({ line: 3, message: expect.stringContaining('each "- " begins a new entry') });
  });

  test('an account whose keys are indented less than its id', async () => {
    const { problems } = await configErrorFrom('accounts:\n  - id: P12345678\nclientId: a\nclientSecret: b\n', { env });
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '2 accounts[0].clientId',
      '2 accounts[0].clientSecret',
      '3 clientId',
      '4 clientSecret',
    ]);
    expect(problems[2]?.message).toContain('it belongs into an entry of accounts');
  });
});

describe('the text of a file', () => {
  test.each([
    ['UTF-16 of Windows', Buffer.from(`\uFEFF${fileYaml()}`, 'utf16le'), null, 'is UTF-16; save it as UTF-8'],
    ['UTF-16, big-endian', Buffer.from(`\uFEFF${fileYaml()}`, 'utf16le').swap16(), null, 'is UTF-16; save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from(fileYaml(), 'utf16le'), null, 'is UTF-16 without a byte order mark'],
    ['UTF-32', Buffer.from('fffe0000', 'hex'), null, 'is UTF-32'],
    ['Latin-1', Buffer.from('# one\n# bl\u00e5b\u00e6r\n', 'latin1'), 2, 'Latin-1 or Windows-1252; save it as UTF-8'],
    ['a no-break space as indentation', Buffer.from('a: 1\nb:\n\u00a0\u00a0c: 1\n'), 3, 'stands before a key or value'],
    ['a no-break space behind a colon', Buffer.from('a:\u00a01\n'), 1, 'stands before a key or value'],
    ['a byte order mark in the middle', Buffer.from('a: 1\n\uFEFFb: 1\n'), 2, 'stands before a key or value'],
  ])('must not be %s', async (_what, bytes, line, words) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-mistakes-'));
    const path = join(folder.path, 'cdd-sync.yaml');
    await writeFile(path, bytes);
    const source = await readConfigFile(path, env);
    expect(source?.problems).toEqual([{ path: '', line, message: expect.stringContaining(words) }]);
  });

  test('may begin with a byte order mark, and may have any letters', () => {
    expect(decodeUtf8(Buffer.from('\uFEFFlabel: blåbær €'))).toEqual({ text: 'label: blåbær €' });
  });

  test('a path with ~ is not expanded', async () => {
    const problems = await problemsFrom(null, { env: { CDD_SYNC_CONFIG: '~/cdd-sync.yaml' } });
    expect(problems.CDD_SYNC_CONFIG?.message).toContain('only a shell replaces ~');
  });
});
