import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { dashboardFiles } from '../../deploy/grafana/generate.ts';
import { DASHBOARDS, dashboards, dashboardText, panels } from '../support/grafana.ts';

const DATA_SOURCES = 'datasources/cdd-sync.yaml';
const grafana = join(import.meta.dirname, '../../deploy/grafana');

async function provisioned<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> {
  return schema.parse(parse(await readFile(join(grafana, 'provisioning', file), 'utf8')));
}

const dataSource = z.object({
  uid: z.string(),
  type: z.string(),
  user: z.string(),
  secureJsonData: z.object({ password: z.string() }),
});
const dataSourcesFile = z.object({ apiVersion: z.literal(1), datasources: z.tuple([dataSource]) });

describe("Grafana's dashboards", () => {
  it('equal the output of `npm run dashboards`', async () => {
    const made = dashboardFiles();
    expect(Object.keys(made)).toEqual(DASHBOARDS);
    for (const file of DASHBOARDS) expect(await dashboardText(file)).toBe(made[file]);
  });

  it('query the provisioned data source', async () => {
    const { datasources } = await provisioned(DATA_SOURCES, dataSourcesFile);
    const [{ uid, type }] = datasources;
    const asked = (await panels()).flatMap((panel) => [
      panel.datasource,
      ...panel.targets.map((each) => each.datasource),
    ]);
    const annotations = (await dashboards()).flatMap((each) =>
      each.annotations.list.map(({ target }) => target?.datasource),
    );
    const variables = (await dashboards()).flatMap(({ templating }) => templating.list.map((each) => each.datasource));
    expect(asked.length).toBeGreaterThan(50);
    expect(variables.length).toBe(10);
    expect(annotations.length).toBe(2);
    expect([...asked, ...variables, ...annotations].filter((each) => each?.uid !== uid || each.type !== type)).toEqual(
      [],
    );
  });

  it('describe every panel and give it one query', async () => {
    const all = await panels();
    expect(all.length).toBeGreaterThan(35);
    for (const { title, description, targets } of all) {
      expect(title).not.toBe('');
      expect(description, title).toMatch(/^[A-Z].+\. As (known from|of) the last .+\.$/);
      expect(targets.map(({ refId }) => refId)).toEqual(['A']);
    }
  });

  it('query schema reporting only, by column, and filter by the chosen accounts', async () => {
    for (const { title, targets } of await panels()) {
      for (const { rawSql } of targets) {
        expect(rawSql, title).toContain('from reporting.');
        expect(rawSql, title).toContain('account_id = any(array[${account:sqlstring}]::text[])');
        expect(rawSql, title).not.toMatch(/\bcdd\.|select \*/);
      }
    }
  });

  it('count each case once, by the choice of country and product', async () => {
    const byCase = (await dashboards()).filter(({ uid }) => uid !== 'cdd-sync-health');
    expect(byCase.length).toBe(2);
    for (const { title, targets } of byCase.flatMap((each) => each.panels)) {
      const [sql = ''] = targets.map(({ rawSql }) => rawSql);
      if (sql === '' || /sync_freshness|restatements/.test(sql)) continue;
      expect(sql, title).toMatch(/is_primary.*\$\{country:sqlstring\}.*\$\{product:sqlstring\}/);
    }
  });

  it('name what they show: a question or a noun, never a sentence', async () => {
    for (const { title } of await panels())
      expect(title).toMatch(/^[A-Z0-9][^.]*[^.?]$|^(Which|When|What|How|Who) .*\?$/);
  });

  it('number panels uniquely, and leave neither gap nor overlap on the grid', async () => {
    for (const dashboard of await dashboards()) {
      const ids = dashboard.panels.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
      });
      const height = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
      expect(new Set(cells).size).toBe(cells.length);
      expect(cells.length).toBe(24 * height);
    }
  });
});

const providersFile = z.object({ providers: z.tuple([z.object({ options: z.object({ path: z.string() }) })]) });
const composeFile = z.object({
  services: z.object({
    grafana: z.object({ environment: z.record(z.string(), z.string()), volumes: z.array(z.string()) }),
  }),
});

describe("Grafana's provisioning", () => {
  it('is provisioned by mounts and variables of the compose file', async () => {
    const compose = await readFile(join(grafana, '../../docker-compose.yml'), 'utf8');
    const { environment, volumes } = composeFile.parse(parse(compose, { merge: true })).services.grafana;
    const named = (await readFile(join(grafana, 'provisioning', DATA_SOURCES), 'utf8')).match(/(?<=\$)[A-Z_]+/g);
    expect(named?.length).toBe(5);
    expect(Object.keys(environment)).toEqual(expect.arrayContaining([...(named ?? [])]));
    const { providers } = await provisioned('dashboards/cdd-sync.yaml', providersFile);
    const { path } = providers[0].options;
    expect(volumes).toContain(`./deploy/grafana/dashboards:${path}:ro`);
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${path}/onboarding.json`);
  });

  it('contains no password', async () => {
    const { datasources } = await provisioned(DATA_SOURCES, dataSourcesFile);
    const [{ user, secureJsonData }] = datasources;
    expect([user, secureJsonData.password]).toEqual(['$CDD_DATABASE_USER', '$CDD_DATABASE_PASSWORD']);
  });
});
