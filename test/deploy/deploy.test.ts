import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/config/config.ts';
import { ERROR_CODES } from '../../src/model/sync-error.ts';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { Metrics } from '../../src/worker/metrics.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

const rulesFile = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});
const service = z.object({
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  container_name: z.string().optional(),
});
const composeFile = z.object({ services: z.record(z.string(), service) });

async function services() {
  return composeFile.parse(parse(await read('docker-compose.yml'), { merge: true })).services;
}

describe('the program', () => {
  it('is started through the file that checks the version of Node, whatever starts it', async () => {
    const { bin, scripts } = z
      .object({ bin: z.record(z.string(), z.string()), scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await read('package.json')));
    const starts = [
      ...['cdd-sync', 'start', 'demo'].map((name) => scripts[name]),
      ...Object.values(bin),
      ...(await read('Dockerfile')).split('\n').filter((line) => line.includes('/usr/local/bin/cdd-sync')),
    ];
    expect(starts).toHaveLength(5);
    for (const start of starts) expect(start).toContain('src/cdd-sync.js');
    // The command that npm makes of "bin".
    expect(await read('deploy/cdd-sync.service')).toContain('\nExecStart=/opt/cdd-sync/bin/cdd-sync start\n');
  });
});

describe('the Prometheus rules', () => {
  it('use only metrics and label values that the worker exports', async () => {
    const metrics = new Metrics({
      freshness: async () => [{ accountId: 'P12345678', secondsSinceSuccess: 1, isStale: false }],
      queue: async () => ({ waiting: 0, active: 0 }),
      reports: async () => [{ accountId: 'P12345678', isFailing: false, failures: 0 }],
      channels: async () => [{ channel: 'ops', downSince: null, waiting: 0 }],
      dueCases: async () => [{ accountId: 'P12345678', cases: 0 }],
    });
    // The first scrape begins the count of due cases.
    await metrics.render();
    const { body } = await metrics.render();
    const rules = rulesFile
      .parse(parse(await read('deploy/prometheus-rules.yml')))
      .groups.flatMap((group) => group.rules);
    const selectors = rules.flatMap(({ expr }) => [...expr.matchAll(/(cdd_sync_\w+)(?:\{(\w+)=~?"([^"]+)"\})?/g)]);
    const wanted = selectors.flatMap(([, name = '', label, values]) =>
      label === undefined ? [name] : (values ?? '').split('|').map((value) => `${name}{${label}="${value}"}`),
    );
    expect(rules.length).toBeGreaterThan(5);
    expect(wanted.length).toBeGreaterThanOrEqual(rules.length - 1);
    expect(wanted.filter((series) => !body.includes(`\n${series}`))).toEqual([]);
  });
});

describe('the image', () => {
  it('keeps the query compiler for which the client is generated', async () => {
    const client = await read('src/store/generated/internal/class.ts');
    const [, imported] = /runtime\/query_compiler(_\w+\.postgresql\.)mjs/.exec(client) ?? [];
    const [, kept] = /! -name '\*(_\w+\.postgresql\.)\*' -delete/.exec(await read('Dockerfile')) ?? [];
    expect(imported).toBeDefined();
    expect(kept).toBe(imported);
  });
});

describe('the compose file', () => {
  it('publishes no port beyond this machine', async () => {
    const ports = Object.values(await services()).flatMap((each) => each.ports);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('lets only Postgres write to its file system or keep a capability', async () => {
    const { postgres: _, ...others } = await services();
    expect(Object.keys(others).sort()).toEqual([
      'grafana',
      'grafana-login',
      'grafana-rights',
      'migrate',
      'pages',
      'sandbox',
      'worker',
    ]);
    for (const each of Object.values(others)) {
      expect(each).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    }
  });

  it('gives the worker no container name and no published port, so that it can have replicas', async () => {
    const { worker } = await services();
    expect(worker).toMatchObject({ ports: [] });
    expect(worker).not.toHaveProperty('container_name');
  });
});

describe("the demo's pages", () => {
  it('are published on this machine only, by a service of the demo alone, with the token that the documents name', async () => {
    const { pages } = await services();
    expect(pages).toMatchObject({ profiles: ['demo'], ports: ['127.0.0.1:${PAGES_PORT:-8080}:8080'] });
    const { PAGES_TOKEN: token = '' } = parseEnv(await read('deploy/demo.env'));
    expect(token).not.toBe('');
    for (const file of ['docker-compose.yml', 'docs/operating.md']) expect(await read(file)).toContain(token);
  });
});

describe("the demo's configuration", () => {
  it('has the credentials of the sandbox and causes no warning', async () => {
    const env = { ...parseEnv(await read('deploy/demo.env')), CDD_SYNC_CONFIG: 'deploy/demo.yaml' };
    const config = await readConfig({ env, cwd: root });
    expect(config.warnings).toEqual([]);
    expect(config.accounts.length).toBeGreaterThan(2);
    for (const { id, credentials } of config.accounts) {
      const owner = credentials.kind === 'partner' ? credentials.partnerId : id;
      expect(credentials).toMatchObject(sandboxCredentials(owner));
    }
  });
});

describe('docs/operating.md', () => {
  it('has a remedy for every error code', async () => {
    const documented = [...(await read('docs/operating.md')).matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(documented.sort()).toEqual([...ERROR_CODES].sort());
  });

  it('explains every alert', async () => {
    const text = await read('docs/operating.md');
    const rules = rulesFile
      .parse(parse(await read('deploy/prometheus-rules.yml')))
      .groups.flatMap((group) => group.rules);
    expect(rules.map(({ alert }) => alert).filter((alert) => !text.includes(`\`${alert}\``))).toEqual([]);
  });
});
