// Loaded before the worker: its statements save no leaves and no digests of batches, so its runs get no links.
import { registerHooks } from 'node:module';

const WITHOUT = `export const saveLeaves = () => Prisma.sql\`saved_leaves as (select 1 as made)\``;

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('/src/store/ledger/leaves.ts')) return nextLoad(url, context);
    const prisma = new URL('../postgres/pool.ts', url);
    return { format: 'module', source: `import { Prisma } from '${prisma}';\n${WITHOUT};`, shortCircuit: true };
  },
});
