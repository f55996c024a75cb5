import type { Database } from '../postgres/pool.ts';

/** Records that a host asked for no requests for `ms` milliseconds. A longer hold stays. */
export async function holdHost(database: Database, host: string, ms: number): Promise<void> {
  await database.$executeRaw`
    insert into cdd.api_holds as existing_hold (host, open_at)
    values (${host}, now() + ${ms} * interval '1 millisecond')
    on conflict (host) do update
    set open_at = greatest(existing_hold.open_at, excluded.open_at)`;
}

/** Milliseconds until the host may be asked again, by any replica; 0 = now. */
export async function remainingHoldMs(database: Database, host: string): Promise<number> {
  const [hold] = await database.$queryRaw<{ ms: number }[]>`
    select greatest(extract(epoch from open_at - now()) * 1000, 0)::double precision as ms
    from cdd.api_holds
    where host = ${host}`;
  return hold?.ms ?? 0;
}
