import type { Section } from '../row.ts';
import { firstLoad } from './first-load.ts';
import { growth } from './growth.ts';
import { manyAccounts } from './many-accounts.ts';
import { nextRuns } from './next-runs.ts';
import type { Plan } from './plan.ts';
import { createStage, type Stage } from './stage.ts';

const makers = { 'first-load': firstLoad, 'next-runs': nextRuns, growth, 'many-accounts': manyAccounts };

/** The speed of runs, each section on a stage of its own that is removed after it. */
export function speedSections(plan: Plan): Section[] {
  return Object.entries(makers).map(([name, make]) => ({
    name,
    run: () => onStage(plan, (stage) => make(stage, plan)),
  }));
}

async function onStage({ signal }: Plan, make: (stage: Stage) => Section) {
  const stage = await createStage(signal);
  try {
    return await make(stage).run();
  } finally {
    await stage.close();
  }
}
