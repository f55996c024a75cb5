import { withAdmin } from '../admin.ts';

/** The tables of roll-ups. */
export const ROLL_UPS = ['backlog_days', 'flow_days', 'funnel_months', 'decision_months', 'transition_pairs'];

/** Reads all roll-ups without their times. */
export function readRollUps(url: string): Promise<Record<string, unknown[]>> {
  return withAdmin(url, async (client) => {
    const tables: Record<string, unknown[]> = {};
    for (const table of ROLL_UPS) {
      const { rows } = await client.query(
        `select (to_jsonb(rolled) - 'made_at')::text as row from cdd.${table} as rolled`,
      );
      tables[table] = rows.map(({ row }) => row).sort();
    }
    return tables;
  });
}
