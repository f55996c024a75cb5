// Settings of the sessions of readers. They are made for this database only: the role may have other work in others.
import { DatabaseError } from '../postgres/errors.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';
import { planOf, presentSettings, type SettingsPlan } from './reader-settings-plan.ts';
import { resetSql, type Setting, setSql } from './role-settings.ts';

export type SettingsChange = Omit<SettingsPlan, 'assigned'> & {
  /** Statements for an administrator; empty unless this user may not change the role. */
  sql: string[];
};

/** Besides the time zone. Views need memory for sorts, and compiling their queries takes longer than running them. */
const LIMITS: readonly Setting[] = [
  { name: 'work_mem', value: '64MB' },
  { name: 'statement_timeout', value: '2min' },
  { name: 'default_transaction_read_only', value: 'on' },
  { name: 'jit', value: 'off' },
];

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Sets what sessions of a reader need in this database: the time zone of the reports, and limits. A setting that an
 * administrator made stays. All statements succeed or none.
 */
export function applyReaderSettings(database: Database, role: string): Promise<SettingsChange> {
  return change(database, role, async (tx) =>
    planOf([await zoneSetting(tx), ...LIMITS], await presentSettings(tx, role)),
  );
}

/**
 * Gives the new time zone of the reports to the roles that got the earlier one from `applyReaderSettings`. Returns the
 * statements that this user may not execute.
 */
export async function followTimeZone(database: Database): Promise<string[]> {
  const roles = await database.$queryRaw<{ name: string }[]>`
    select role_name as name
    from cdd.reader_settings as made
    join pg_catalog.pg_roles as reader on reader.rolname = made.role_name
    where made.name = 'timezone' and made.value <> (select timezone from cdd.report_settings)
    order by 1`;
  const refused: string[] = [];
  for (const { name: role } of roles) {
    const plan = async (tx: Transaction) => planOf([await zoneSetting(tx)], await presentSettings(tx, role));
    refused.push(...(await change(database, role, plan)).sql);
  }
  return refused;
}

/** Takes the settings away that `applyReaderSettings` made and nobody changed since. */
export function resetReaderSettings(database: Database, role: string): Promise<SettingsChange> {
  return change(database, role, async (tx) => {
    const ours = (await presentSettings(tx, role)).filter(({ isOurs }) => isOurs);
    return { inForce: [], kept: [], assigned: [], reset: ours.map(({ name }) => name) };
  });
}

async function change(
  database: Database,
  role: string,
  plan: (tx: Transaction) => Promise<SettingsPlan>,
): Promise<SettingsChange> {
  let planned: SettingsPlan | null = null;
  let sql: string[] = [];
  try {
    return await database.transact(async (tx) => {
      planned = await plan(tx);
      sql = await statements(tx, role, planned);
      for (const statement of sql) await tx.$executeRaw(Prisma.raw(statement));
      await record(tx, role, planned);
      const { assigned: _, ...done } = planned;
      return { ...done, sql: [] };
    });
  } catch (error) {
    const isRefused = error instanceof DatabaseError && error.sqlState === INSUFFICIENT_PRIVILEGE;
    if (!isRefused || planned === null) throw error;
    return refusedChange(planned, sql);
  }
}

function refusedChange({ inForce, kept, assigned }: SettingsPlan, sql: string[]): SettingsChange {
  const isMissing = (setting: Setting) => assigned.some(({ name }) => name === setting.name);
  return { inForce: inForce.filter((setting) => !isMissing(setting)), kept, reset: [], sql };
}

async function statements(tx: Transaction, role: string, { assigned, reset }: SettingsPlan): Promise<string[]> {
  const names = await tx.$queryRaw<{ database: string }[]>`select current_database()::text as database`;
  const roleHere = { role, database: onlyRow(names).database };
  return [...assigned.map((setting) => setSql(roleHere, setting)), ...reset.map((name) => resetSql(roleHere, name))];
}

async function record(tx: Transaction, role: string, { assigned, reset }: SettingsPlan): Promise<void> {
  await tx.$executeRaw`
    insert into cdd.reader_settings (role_name, name, value)
    select ${role}, name, value
    from unnest(${assigned.map(({ name }) => name)}::text[], ${assigned.map(({ value }) => value)}::text[])
      as new_setting (name, value)
    on conflict (role_name, name) do update set value = excluded.value`;
  await tx.$executeRaw`delete from cdd.reader_settings where role_name = ${role} and name = any(${reset}::text[])`;
}

async function zoneSetting(tx: Transaction): Promise<Setting> {
  const rows = await tx.$queryRaw<{ timezone: string }[]>`select timezone from cdd.report_settings`;
  return { name: 'timezone', value: onlyRow(rows).timezone };
}
