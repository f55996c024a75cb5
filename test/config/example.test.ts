import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { starterYaml } from '../../src/config/starter.ts';
import { configFrom, fileYaml, secretEnv } from '../support/config-file.ts';

const example = await readFile(new URL('../../cdd-sync.example.yaml', import.meta.url), 'utf8');
const env = { DINTERO_CLIENT_SECRET: 's3cret', PARTNER_CLIENT_ID: 'partner', PARTNER_CLIENT_SECRET: 'p4rtner' };
const filledIn = example.replace('- id: #', '- id: P12345678 #').replace('clientId: #', 'clientId: acme #');
/** Takes the "#" in front of settings away; "# " is in front of words. */
const switchedOn = (yaml: string) => yaml.replaceAll(/^( *)#(?! \S)/gm, '$1');

test('the committed example is current; `npm run config:starter` updates it', () => {
  expect(example).toBe(starterYaml(null, { schema: './cdd-sync.schema.json' }));
  expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./cdd-sync.schema.json');
});

test('the example has one account and nothing but defaults once its places are filled in', async () => {
  const { home: _, accounts, ...config } = await configFrom(filledIn, { env });
  const { home: __, accounts: usual, ...defaults } = await configFrom(fileYaml(), { env: secretEnv });
  expect(config).toEqual(defaults);
  expect(accounts).toEqual(usual);
});

test('all settings in the example that are switched off are valid, and the general ones are defaults', async () => {
  const settings = example.slice(example.indexOf('# Everything below'));
  const { home: _, ...shown } = await configFrom(`${switchedOn(settings)}\n${fileYaml()}`, { env: secretEnv });
  const { home: __, ...defaults } = await configFrom(fileYaml(), { env: secretEnv });
  expect(shown).toEqual(defaults);
  const whole = await configFrom(switchedOn(filledIn), { env: { ...env, ACME_HOOK_SECRET: 'h00k' } });
  expect(whole.accounts).toMatchObject([
    { id: 'P12345678', label: 'Acme Norge', schedule: '*/5 * * * *', webhookSecret: 'h00k' },
    { id: 'P11200001', credentials: { kind: 'partner', partnerId: 'P11200000' } },
  ]);
  expect(whole.partners).toMatchObject([{ id: 'P11200000', discover: true, audience: 'partner' }]);
});

test.each([
  ['account', 'P12345678'],
  ['partner', 'P11200000'],
] as const)('the file of init for one %s has what was answered, and can be switched on', async (kind, id) => {
  for (const clientId of ['acme', '0123', 'true', 'a # b "c"']) {
    const yaml = starterYaml({ kind, id, clientId }, { schema: null, baseUrl: 'http://127.0.0.1:8181/v1' });
    const config = await configFrom(yaml, { env });
    expect(config.api).toMatchObject({ baseUrl: 'http://127.0.0.1:8181/v1', timeoutSeconds: 60 });
    const credentials = { clientId, clientSecret: 's3cret' };
    if (kind === 'account') expect(config.accounts).toMatchObject([{ id, credentials }]);
    else expect(config).toMatchObject({ accounts: [], partners: [{ id, discover: true, ...credentials }] });
  }
  const yaml = starterYaml({ kind, id, clientId: 'acme' }, { schema: null });
  await configFrom(switchedOn(yaml), { env: { ...env, ACME_HOOK_SECRET: 'h00k' } });
});
