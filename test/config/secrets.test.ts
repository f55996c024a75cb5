import { expect, test } from 'vitest';
import { accountYaml, configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const fromFile = (name: string) => `accounts:\n  - id: P12345678\n    clientId: acme\n    clientSecretFile: ${name}\n`;

async function secretIn(content: string): Promise<unknown> {
  const config = await configFrom(fromFile('acme'), { files: { acme: content } });
  const credentials = config.accounts[0]?.credentials;
  return credentials?.clientSecret;
}

test('a secret is read from a file beside the configuration, without the newline at its end', async () => {
  expect(await secretIn('s3cret')).toBe('s3cret');
  expect(await secretIn('s3cret\n')).toBe('s3cret');
  expect(await secretIn('s3cret\r\n')).toBe('s3cret');
  expect(await secretIn('${s3cret}\n')).toBe('${s3cret}');
  expect(await secretIn('\uFEFFs3cret\n')).toBe('s3cret');
});

test("a partner's secret may be in a file too", async () => {
  const yaml = 'partners:\n  - { id: P11200000, clientId: p, clientSecretFile: acme, discover: true }';
  const config = await configFrom(yaml, { files: { acme: 's3cret' } });
  expect(config.partners).toEqual([
    { id: 'P11200000', clientId: 'p', clientSecret: 's3cret', discover: true, audience: 'partner' },
  ]);
});

const SECRET_FILES = {
  acme: 's3cret',
  empty: '',
  newlines: '\n\n',
  spaced: 's3cret \n',
  lines: 's3cret\n\n',
  pasted: '\u200bs3cret',
  quoted: '"s3cret"\n',
  powershell: Buffer.from('\uFEFFs3cret\r\n', 'utf16le'),
  latin: Buffer.from('s3cr\u00e9t', 'latin1'),
};

test.each([
  ['gone', 'does not exist'],
  ['empty', 'is empty'],
  ['newlines', 'is empty'],
  ['.', 'cannot be read (EISDIR)'],
  ['acme/secret', 'cannot be read (ENOTDIR)'],
  ['"a\\0b"', 'has a line break or tab'],
  ['"C:\\new"', 'Write a path of Windows in single quotes'],
  ['spaced', 'remove the space or line break'],
  ['lines', 'remove the space or line break'],
  ['pasted', 'a no-break or invisible space'],
  ['quoted', 'the quotes are part of the value'],
  ['powershell', 'names a file that is UTF-16'],
  ['latin', 'names a file that is not UTF-8'],
])('a secret file %s is a problem that does not repeat its name', async (name, message) => {
  const problems = await problemsFrom(fromFile(name), { files: SECRET_FILES });
  expect(Object.keys(problems)).toEqual(['accounts[0].clientSecretFile']);
  expect(problems['accounts[0].clientSecretFile']).toMatchObject({
    line: 4,
    message: expect.stringContaining(message),
  });
  expect(problems['accounts[0].clientSecretFile']?.message).not.toContain(`${name} `);
});

test('a missing variable in the name of a secret file is one problem, not two', async () => {
  const problems = await problemsFrom(fromFile('${FOLDER}/acme'));
  expect(Object.values(problems).map(({ message }) => message)).toEqual([
    'needs the environment variable FOLDER, which is not set; set it',
  ]);
});

test('clientSecret and clientSecretFile together are a problem', async () => {
  const yaml = `accounts:\n${accountYaml('P12345678', 'clientSecretFile: acme')}`;
  const problems = await problemsFrom(yaml, { env: secretEnv, files: { acme: 's3cret' } });
  expect(Object.keys(problems)).toEqual(['accounts[0].clientSecretFile']);
});

test('each secret in plain text causes a warning that does not repeat it', async () => {
  const yaml = [
    'partners:',
    '  - { id: P11200000, clientId: p, clientSecret: s3cret-1 }',
    'accounts:',
    '  - { id: P12345678, clientId: a, clientSecret: s3cret-2, webhookSecret: s3cret-3 }',
    accountYaml('P12345679', 'webhookSecret: ${SECRET}'),
  ].join('\n');
  const { warnings, accounts } = await configFrom(yaml, { env: secretEnv });
  expect(accounts[0]).toMatchObject({ credentials: { clientSecret: 's3cret-2' }, webhookSecret: 's3cret-3' });
  expect(warnings).toEqual([
    'partners[0].clientSecret (line 2) is in plain text; put it in an environment variable and write ${NAME} here',
    'accounts[0].clientSecret (line 4) is in plain text; put it in an environment variable and write ${NAME} here',
    'accounts[0].webhookSecret (line 4) is in plain text; put it in an environment variable and write ${NAME} here',
  ]);
});

test('a secret from a variable causes no warning', async () => {
  expect((await configFrom(fileYaml(), { env: secretEnv })).warnings).toEqual([]);
});
