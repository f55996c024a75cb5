// The commands that are disturbed, each with the database and the list that it finds.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { withAdmin } from '../admin.ts';
import { DISTURBANCES, type Disturbance } from './disturbances.ts';
import { HEARTBEAT } from './statements.ts';
import type { Command } from './worker-process.ts';

export const ACCOUNT = 'P12345678';

type Setting = {
  url: string;
  sandbox: Sandbox;
  /** A folder for files. */
  folder: string;
  sync: () => Promise<void>;
};

export type Scenario = {
  command: Command;
  /** Makes the database and the list that the command finds. */
  prepare: (setting: Setting) => Promise<void>;
  /** Default: it is only killed, because another scenario has the same statements. */
  disturbances?: readonly Disturbance[];
  /** The first statement to disturb the worker at; default the first of all. */
  from?: RegExp;
  /** The statements to disturb the worker at; default all. */
  only?: RegExp;
  heartbeatMs?: number;
};

/** The first statement of a run. Those before it are the same in each scenario. */
const RUN = /^with abandoned_runs/;

const always = { endpoint: 'list', times: Number.POSITIVE_INFINITY } as const;
const fixtures = join(import.meta.dirname, '../../fixtures');
/** More than a batch holds: the list takes two. */
const BATCH_BYTES = 3_600_000;

export const SCENARIOS = {
  'first load': {
    command: 'sync',
    async prepare({ url, sandbox }) {
      await migrate(url);
      addOddItems(sandbox);
      addLargeCase(sandbox);
    },
  },
  'changed list': {
    command: 'sync',
    disturbances: DISTURBANCES,
    from: RUN,
    async prepare(setting) {
      await load(setting);
      changeList(setting.sandbox);
      addLargeCase(setting.sandbox);
    },
  },
  'unchanged list': {
    command: 'sync',
    from: RUN,
    async prepare(setting) {
      await load(setting);
      setting.sandbox.faults.add({ ...always, fault: { kind: 'noEtag' } });
    },
  },
  'not modified': { command: 'sync', disturbances: ['kill', 'swallow both ways'], prepare: load },
  'too many missing': {
    command: 'sync',
    from: RUN,
    async prepare(setting) {
      await load(setting);
      for (const id of setting.sandbox.world.caseIds(ACCOUNT).slice(0, 30)) {
        setting.sandbox.world.vanish({ account: ACCOUNT, case: id });
      }
    },
  },
  'unreadable item': {
    command: 'sync',
    from: RUN,
    async prepare(setting) {
      await load(setting);
      changeList(setting.sandbox);
      setting.sandbox.world.appendItem(ACCOUNT, '{"id": 7}');
    },
  },
  'list cut off': {
    command: 'sync',
    from: RUN,
    async prepare(setting) {
      await load(setting);
      changeList(setting.sandbox);
      setting.sandbox.faults.add({ ...always, fault: { kind: 'truncated', afterItems: 30 } });
    },
  },
  forbidden: {
    command: 'sync',
    from: RUN,
    async prepare(setting) {
      await load(setting);
      setting.sandbox.faults.add({ ...always, fault: { kind: 'status', status: 403 } });
    },
  },
  'slow list': {
    command: 'sync',
    disturbances: DISTURBANCES,
    only: HEARTBEAT,
    heartbeatMs: 20,
    async prepare(setting) {
      await load(setting);
      changeList(setting.sandbox);
      setting.sandbox.faults.add({ ...always, fault: { kind: 'delay', seconds: 0.3 } });
    },
  },
  'migration of an empty database': { command: 'migrate', prepare: async () => {} },
  'upgrade from 0.1.0': {
    command: 'migrate',
    disturbances: ['kill', 'postgres'],
    async prepare({ url, folder }) {
      const archive = join(fixtures, 'migrations-0.1.0.tar.gz');
      await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, '--strip-components=1']);
      await migrate(url, folder);
      const history = await readFile(join(fixtures, 'history.sql'), 'utf8');
      // Changes that wait for a roll-up count as late after two minutes; they must be so from the beginning.
      const makeOld = `update cdd.report_changes set noted_at = noted_at - interval '1 hour'`;
      await withAdmin(url, (client) => client.query(`${history}; ${makeOld}`));
    },
  },
  retention: {
    command: 'retention',
    disturbances: DISTURBANCES,
    async prepare(setting) {
      await load(setting);
      changeList(setting.sandbox);
      await setting.sync();
      await withAdmin(setting.url, (client) => client.query(EXPIRE));
    },
  },
} as const satisfies Record<string, Scenario>;

async function load({ url, sandbox, sync }: Setting): Promise<void> {
  await migrate(url);
  const [absent] = sandbox.world.caseIds(ACCOUNT);
  addOddItems(sandbox);
  await sync();
  sandbox.world.vanish({ account: ACCOUNT, case: absent ?? '' });
  await sync();
}

/** A case with a field of the wrong type, and an item that cannot be read. */
function addOddItems({ world }: Sandbox): void {
  const [first = '', second = ''] = world.caseIds(ACCOUNT).slice(10);
  world.changeFields({ account: ACCOUNT, case: first }, { created_at: 'yesterday' });
  world.changeFields({ account: ACCOUNT, case: second }, { events: 'none' });
}

/** Something of everything that a run can find. */
function changeList({ world }: Sandbox): void {
  const ids = world.caseIds(ACCOUNT);
  const target = (index: number) => ({ account: ACCOUNT, case: ids[index] ?? '' });
  world.bringBack({ account: ACCOUNT, case: absentId(world) });
  world.advance({ hours: 200 });
  world.appendEvent(target(1));
  world.appendEvent(target(2), { case_status: 'NEVER_HEARD_OF' });
  world.addLateEvent(target(3), { hours: 2 });
  world.edit(target(4), (document) => {
    if (Array.isArray(document.events)) document.events.pop();
  });
  world.reorderKeys(target(5));
  world.deleteCase(target(6));
  world.vanish(target(7));
  world.vanish(target(8));
  const [first = '', second = ''] = oddIds(world);
  const [rejected = ''] = world.caseIds(ACCOUNT).slice(15);
  world.changeFields({ account: ACCOUNT, case: rejected }, { events: 7 });
  world.changeFields({ account: ACCOUNT, case: first }, { created_at: '2024-03-01T00:00:00Z' });
  world.changeFields({ account: ACCOUNT, case: second }, { events: [] });
  world.changeFields(target(12), { package: { odd: true } });
}

const absentId = (world: Sandbox['world']): string => {
  const listed = new Set(world.caseIds(ACCOUNT));
  const absent = world.everyDocument(ACCOUNT).find(({ id }) => !listed.has(String(id)));
  return String(absent?.id);
};

const oddIds = (world: Sandbox['world']): string[] =>
  world
    .everyDocument(ACCOUNT)
    .filter(({ created_at, events }) => created_at === 'yesterday' || events === 'none')
    .sort(({ events }) => (events === 'none' ? 1 : -1))
    .map(({ id }) => String(id));

function addLargeCase({ world }: Sandbox): void {
  const [id = ''] = world.caseIds(ACCOUNT).slice(20);
  world.changeFields({ account: ACCOUNT, case: id }, { padding: 'x'.repeat(BATCH_BYTES) });
}

const EXPIRE = `
  update cdd.sync_runs set started_at = started_at - interval '60 days', heartbeat_at = heartbeat_at - interval '60 days',
    finished_at = finished_at - interval '60 days';
  update cdd.rejected_items set first_seen_at = first_seen_at - interval '60 days',
    last_seen_at = last_seen_at - interval '60 days', resolved_at = resolved_at - interval '60 days';
  insert into cdd.webhook_deliveries (account_id, delivery_id, received_at)
  select '${ACCOUNT}', day::text, now() - day * interval '1 day' from generate_series(1, 20) as day`;
