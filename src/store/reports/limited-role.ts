import type { Transaction } from '../postgres/pool.ts';

/** The current role if its grants hide accounts from it in schema reporting; null if it sees all of them. */
export async function limitedRole(tx: Transaction): Promise<string | null> {
  const [reader] = await tx.$queryRaw<{ role: string; seesAll: boolean }[]>`
    select current_user::text as role, sees_all as "seesAll" from cdd.current_reader`;
  return reader === undefined || reader.seesAll ? null : reader.role;
}
