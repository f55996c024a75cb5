import type { Database } from '../postgres/pool.ts';

/** Notes that a host asked not to be asked for so many milliseconds; a longer hold that was asked for before stays. */
export async function holdHost(database: Database, host: string, ms: number): Promise<void> {
  await database.$executeRaw`
    insert into cdd.api_holds as held (host, open_at)
    values (${host}, now() + ${ms} * interval '1 millisecond')
    on conflict (host) do update
    set open_at = greatest(held.open_at, excluded.open_at)`;
}

/** For how many milliseconds more the host asked not to be asked, by any replica; 0 = it may be. */
export async function heldFor(database: Database, host: string): Promise<number> {
  const [row] = await database.$queryRaw<{ ms: number }[]>`
    select greatest(extract(epoch from open_at - now()) * 1000, 0)::double precision as ms
    from cdd.api_holds
    where host = ${host}`;
  return row?.ms ?? 0;
}
