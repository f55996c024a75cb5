import { Prisma } from '../../postgres/pool.ts';
import { type CaseRange, inRange } from './history-tables.ts';

/** cdd.row_digests finds an array of bodies by the events in it, so it has none that no event names. */
export function unnamedBodies(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select 'event_bodies', stored.case_id, 'revision ' || stored.revision, null::timestamptz, null::uuid, 'unnamed'
    from cdd.event_bodies as stored
    where ${inRange(range, 'stored')}
      and not exists (
        select
        from cdd.event_revisions as event_row
        where ${inRange(range, 'event_row')}
          and event_row.case_id = stored.case_id
          and event_row.bodies_revision = stored.revision
      )`;
}

/** Arrays of bodies from before the chain are in no digest and no count of its first link. */
export function lostBodies(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select
      'event_bodies',
      event_row.case_id,
      'revision ' || event_row.bodies_revision,
      min(event_row.recorded_at),
      null::uuid,
      'lost'
    from cdd.event_revisions as event_row
    where ${inRange(range, 'event_row')}
      and not exists (
        select
        from cdd.event_bodies as stored
        where ${inRange(range, 'stored')}
          and stored.case_id = event_row.case_id
          and stored.revision = event_row.bodies_revision
      )
    group by event_row.case_id, event_row.bodies_revision`;
}
