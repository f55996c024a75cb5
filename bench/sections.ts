import { answers } from './reporting/answers.ts';
import { cost } from './reporting/cost.ts';
import type { Section } from './row.ts';
import { firstLoad } from './speed/first-load.ts';
import { growth } from './speed/growth.ts';
import { ledgerCost } from './speed/ledger-cost.ts';
import { manyAccounts } from './speed/many-accounts.ts';
import { nextRuns } from './speed/next-runs.ts';
import type { Plan } from './speed/plan.ts';
import { createStage, type Stage } from './speed/stage.ts';

const makers = {
  'first-load': firstLoad,
  'next-runs': nextRuns,
  growth,
  'many-accounts': manyAccounts,
  'ledger-cost': ledgerCost,
  reports: answers,
  'reports-cost': cost,
};

/** The sections of the benchmark. Each has a stage of its own, which is removed after it. */
export function allSections(plan: Plan): Section[] {
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
