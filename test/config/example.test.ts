import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configFrom, fileYaml, secretEnv } from '../support/config-file.ts';

const example = await readFile(new URL('../../cdd-sync.example.yaml', import.meta.url), 'utf8');

test('the example is valid, and names its schema for editors', async () => {
  expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./cdd-sync.schema.json');
  const config = await configFrom(example.replaceAll('${CREDENTIALS_DIRECTORY}/', ''), {
    env: {
      PARTNER_CLIENT_ID: 'partner',
      PARTNER_CLIENT_SECRET: 'p4rtner',
      ACME_CLIENT_ID: 'acme',
      ACME_HOOK_SECRET: 'h00k',
    },
    files: { acme: 's3cret\n', page: 'sixteen-letters!\n' },
  });
  expect(config.warnings).toEqual([]);
  expect(config.statusTargets).toEqual({ UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: { businessHours: 40 } });
  expect(config.server.viewers).toEqual([{ name: 'compliance', token: 'sixteen-letters!', role: 'bi' }]);
  expect(config.partners).toEqual([
    { id: 'P11200000', clientId: 'partner', clientSecret: 'p4rtner', discover: true, audience: 'partner' },
  ]);
  expect(config.accounts).toEqual([
    {
      id: 'P12345678',
      label: 'Acme Norge',
      schedule: '*/5 * * * *',
      credentials: { kind: 'client', clientId: 'acme', clientSecret: 's3cret' },
      filters: { products: ['payout'], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
      includeContracts: false,
      webhookSecret: 'h00k',
    },
    {
      id: 'P11200001',
      label: null,
      schedule: '*/15 * * * *',
      credentials: {
        kind: 'partner',
        partnerId: 'P11200000',
        clientId: 'partner',
        clientSecret: 'p4rtner',
        audience: 'partner',
      },
      filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
      includeContracts: false,
      webhookSecret: null,
    },
  ]);
});

test('the example shows the default values', async () => {
  const upToPartners = example.slice(0, example.indexOf('\npartners:')).replace('${CREDENTIALS_DIRECTORY}/', '');
  const { home: _, ...shown } = await configFrom(`${upToPartners}\n${fileYaml()}`, {
    env: secretEnv,
    files: { page: 'sixteen-letters!' },
  });
  const { home: __, ...defaults } = await configFrom(fileYaml(), { env: secretEnv });
  expect(shown.server.viewers).toHaveLength(1);
  expect(Object.keys(shown.statusTargets)).toHaveLength(2);
  expect({ ...shown, statusTargets: {}, server: { ...shown.server, viewers: [] } }).toEqual(defaults);
});
