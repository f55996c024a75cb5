import { expect, test } from 'vitest';
import { configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const TOKEN = 'sixteen-letters!';

const withViewers = (...viewers: string[]) =>
  fileYaml(['server:', '  viewers:', ...viewers.map((viewer) => `    - ${viewer}`)].join('\n'));

test('without viewers there is an empty list', async () => {
  const config = await configFrom(fileYaml(), { env: secretEnv });
  expect(config.server.viewers).toEqual([]);
});

test('a token comes from a variable or from a file, without the newline at its end', async () => {
  const yaml = withViewers('{ name: ops, token: "${PAGE}", role: bi }', '{ name: Kari Ås, tokenFile: page, role: bi }');
  const env = { ...secretEnv, PAGE: TOKEN };
  const config = await configFrom(yaml, { env, files: { page: 'another-token-of-20\n' } });
  expect(config.server.viewers).toEqual([
    { name: 'ops', token: TOKEN, role: 'bi' },
    { name: 'Kari Ås', token: 'another-token-of-20', role: 'bi' },
  ]);
  expect(config.warnings).toEqual([]);
});

test('a token in plain text is a warning that does not repeat it', async () => {
  const { warnings } = await configFrom(withViewers(`{ name: ops, token: ${TOKEN}, role: bi }`), { env: secretEnv });
  expect(warnings).toEqual([expect.stringMatching(/^server\.viewers\[0\]\.token \(line \d+\) is in plain text/)]);
});

test.each([
  ['{ name: ops, role: bi }', 'token', 'is missing; give token: ${NAME}, or tokenFile'],
  ['{ name: ops, token: short, role: bi }', 'token', 'must have at least 16 characters'],
  ['{ name: ops, token: "with a space inside it", role: bi }', 'token', 'without spaces'],
  ['{ name: ops, tokenFile: short, role: bi }', 'tokenFile', 'names a file whose token must have at least 16'],
  ['{ name: ops, tokenFile: latin, role: bi }', 'tokenFile', 'other characters than those of ASCII'],
  ['{ name: ops, tokenFile: nowhere, role: bi }', 'tokenFile', 'names a file that does not exist'],
  [`{ name: ops, token: ${TOKEN}, tokenFile: page, role: bi }`, 'tokenFile', 'is given together with token'],
  [`{ token: ${TOKEN}, role: bi }`, 'name', 'is missing'],
  [`{ name: "<b>", token: ${TOKEN}, role: bi }`, 'name', 'must be a name of letters'],
  [`{ name: ops, token: ${TOKEN} }`, 'role', 'is missing'],
  [`{ name: ops, token: ${TOKEN}, role: none }`, 'role', 'Postgres reserves this name'],
  [`{ name: ops, token: ${TOKEN}, role: PG_read_all_data }`, 'role', "Postgres' own roles"],
  [`{ name: ops, token: ${TOKEN}, role: ${'r'.repeat(64)} }`, 'role', 'at most 63 bytes'],
  [`{ name: ops, tokn: ${TOKEN}, role: bi }`, 'tokn', 'did you mean token?'],
])('%s is refused at once', async (viewer, key, message) => {
  const files = { short: 'short', latin: 'sixteen-lætters!!', page: TOKEN };
  const problems = await problemsFrom(withViewers(viewer), { env: secretEnv, files });
  const found = problems[`server.viewers[0].${key}`];
  expect(found?.message).toContain(message);
  expect(found?.line).toBeGreaterThan(1);
  expect(JSON.stringify(problems)).not.toContain(TOKEN);
});

test('names and tokens are not given twice, in a file neither', async () => {
  const yaml = withViewers(
    `{ name: ops, token: ${TOKEN}, role: bi }`,
    '{ name: ops, tokenFile: page, role: bi }',
    'not a map',
  );
  const problems = await problemsFrom(yaml, { env: secretEnv, files: { page: TOKEN } });
  expect(Object.values(problems).map(({ path, message }) => [path, message.slice(0, 30)])).toEqual([
    ['server.viewers[1].name', 'is the name of a viewer above;'],
    ['server.viewers[1].tokenFile', 'is the token of a viewer above'],
    ['server.viewers[2]', 'must be a map of keys and valu'],
  ]);
});
