// Which settings of a reader must be made, and which stay because an administrator made them.
import type { Transaction } from '../postgres/pool.ts';
import { type Setting, settingsHere } from './role-settings.ts';

export type SettingsPlan = {
  /** In force for new sessions: made by the plan, or found as wanted. */
  inForce: Setting[];
  /** Made by an administrator with another value, for the role or for the whole database. */
  kept: (Setting & { wanted: string })[];
  /** To be made. */
  assigned: Setting[];
  /** Taken away, because the role is no reader any more. */
  reset: string[];
};

type Present = Setting & {
  /** Whether it is of the database, or of all roles. */
  isGeneral: boolean;
  /** Whether grant-reader made it, and nobody changed it since. */
  isOurs: boolean;
};

/** The settings that sessions of the role get in this database, the strongest of each name first. */
export async function presentSettings(tx: Transaction, role: string): Promise<Present[]> {
  return tx.$queryRaw<Present[]>`
    select
      present.name,
      present.value,
      present.role = 0 as "isGeneral",
      present.place = 1 and exists (
        select
        from cdd.reader_settings as made
        where made.role_name = ${role} and made.name = present.name and made.value = present.value
      ) as "isOurs"
    from (${settingsHere}) as present
    where present.role in (0, (select oid from pg_catalog.pg_roles where rolname = ${role}))
    order by present.place`;
}

/** Plans the wanted settings of a role that has the present ones. */
export function planOf(wantedSettings: readonly Setting[], present: readonly Present[]): SettingsPlan {
  const decided = wantedSettings.map((wanted) => ({ wanted, ...decide(wanted, present) }));
  return {
    inForce: decided.flatMap(({ wanted, kept }) => (kept === null ? [wanted] : [])),
    kept: decided.flatMap(({ wanted, kept }) =>
      kept === null ? [] : [{ name: wanted.name, value: kept, wanted: wanted.value }],
    ),
    assigned: decided.flatMap(({ wanted, isMissing }) => (isMissing ? [wanted] : [])),
    reset: [],
  };
}

/** Whether a setting must be made, and the other value that an administrator chose instead. */
function decide(wanted: Setting, present: readonly Present[]): { kept: string | null; isMissing: boolean } {
  const found = present.find(({ name }) => name === wanted.name);
  // A time zone of the whole database is no decision about this reader, and its months would be wrong.
  const isGeneralZone = found?.isGeneral === true && wanted.name === 'timezone';
  if (found === undefined || isGeneralZone) return { kept: null, isMissing: true };
  if (found.value.toLowerCase() === wanted.value.toLowerCase()) return { kept: null, isMissing: false };
  if (found.isOurs) return { kept: null, isMissing: true };
  return { kept: found.value, isMissing: false };
}
