import { expect, test } from 'vitest';
import { accountYaml, configFrom, problemsFrom, secretEnv } from '../support/config-file.ts';

const partner = (id = 'P11200000', ...lines: string[]) => `partners:\n${accountYaml(id, ...lines)}`;
const account = (...lines: string[]) => `accounts:\n  - ${lines.join('\n    ')}`;
const env = secretEnv;

test('a discovering partner needs no accounts; any other partner does', async () => {
  const config = await configFrom(partner('T11200000', 'discover: true', 'audience: merchant'), { env });
  expect(config).toMatchObject({ accounts: [], partners: [{ id: 'T11200000', discover: true, audience: 'merchant' }] });
  const problems = await problemsFrom(partner(), { env });
  expect(Object.keys(problems)).toEqual(['accounts']);
  expect(problems.accounts?.message).toContain('at least one account, or a partner with discover: true');
});

test("an account of a partner gets the partner's client and audience", async () => {
  const yaml = [partner('P11200000', 'audience: merchant'), account('id: P11200001', 'partner: P11200000')].join('\n');
  expect((await configFrom(yaml, { env })).accounts[0]?.credentials).toEqual({
    kind: 'partner',
    partnerId: 'P11200000',
    clientId: 'acme',
    clientSecret: 's3cret',
    audience: 'merchant',
  });
});

test("an account's partner must be configured", async () => {
  const named = account('id: P11200001', 'partner: P11300000');
  const problems = await problemsFrom(`${partner()}\n${named}`, { env });
  expect(problems).toEqual({
    'accounts[0].partner': {
      path: 'accounts[0].partner',
      line: 7,
      message: 'is P11300000, which is not configured under partners; these are: P11200000',
    },
  });
  expect((await problemsFrom(named))['accounts[0].partner']?.message).toContain('none are');
});

test('an invalid partner id is one problem, not a second one in its account', async () => {
  const yaml = `${partner('P1120000')}\n${account('id: P11200001', 'partner: P11200000')}`;
  expect(Object.keys(await problemsFrom(yaml, { env }))).toEqual(['partners[0].id']);
});

test('a test account with a production partner is a problem', async () => {
  const yaml = `${partner()}\n${account('id: T11200001', 'partner: P11200000')}`;
  const problems = await problemsFrom(yaml, { env });
  expect(problems['accounts[0].partner']?.message).toContain(
    'a test account (T) cannot belong to a production partner (P)',
  );
});

test('an account with a partner and a client of its own is a problem', async () => {
  const own = account('id: P11200001', 'partner: P11200000', 'clientId: x', 'clientSecret: ${SECRET}');
  const problems = await problemsFrom(`${partner()}\n${own}`, { env });
  expect(Object.keys(problems)).toEqual(['accounts[0].clientId', 'accounts[0].clientSecret']);
});

test('an account without a partner needs a client and a secret', async () => {
  const problems = await problemsFrom(account('id: P12345678'));
  expect(Object.keys(problems).sort()).toEqual(['accounts[0].clientId', 'accounts[0].clientSecret']);
  expect(problems['accounts[0].clientId']?.line).toBe(2);
});

test('a partner needs a client and a secret', async () => {
  const problems = await problemsFrom('partners:\n  - id: P11200000\n    discover: true');
  expect(Object.keys(problems).sort()).toEqual(['partners[0].clientId', 'partners[0].clientSecret']);
});

test('an id may be used once in accounts and once in partners', async () => {
  const accounts = ['accounts:', accountYaml(), accountYaml('P11200000'), accountYaml()].join('\n');
  const partners = ['partners:', accountYaml('P11200000'), accountYaml('P11200000')].join('\n');
  const problems = await problemsFrom(`${accounts}\n${partners}`, { env });
  expect(Object.keys(problems)).toEqual(['accounts[2].id', 'partners[1].id']);
  expect(problems['accounts[2].id']).toMatchObject({
    line: 8,
    message: expect.stringMatching(/^is P12345678 a second/),
  });
});

test('a client id and secret of the wrong type are not reported as missing too', async () => {
  const problems = await problemsFrom(account('id: P12345678', 'clientId: 123', 'clientSecret: 456'));
  expect(Object.values(problems).map(({ message }) => message)).toEqual([
    'must be text: put it in quotes',
    'must be text: put it in quotes',
  ]);
});

test('a fact of events[].case with personalData: drop or minimal causes a warning', async () => {
  const facts = 'reports: { facts: { risk: "$.events[last].case.risk", name: "$.package" } }';
  const yaml = `accounts:\n${accountYaml('P12345678')}\n${facts}\npersonalData: `;
  expect((await configFrom(`${yaml}keep`, { env })).warnings).toEqual([]);
  for (const setting of ['drop', 'minimal'])
    expect((await configFrom(`${yaml}${setting}`, { env })).warnings).toEqual([
      expect.stringMatching(
        /^reports\.facts\.risk \(line \d+\) reads events\[\]\.case, which personalData: \w+ does not store/,
      ),
    ]);
});

test('includeContracts with personalData: drop or minimal causes a warning', async () => {
  const yaml = `accounts:\n${accountYaml('P12345678', 'includeContracts: true')}\npersonalData: `;
  expect((await configFrom(`${yaml}keep`, { env })).warnings).toEqual([]);
  for (const setting of ['drop', 'minimal'])
    expect((await configFrom(`${yaml}${setting}`, { env })).warnings).toEqual([
      `accounts[0].includeContracts (line 5) requests data that personalData: ${setting} does not store; remove it`,
    ]);
});
