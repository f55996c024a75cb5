import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sandboxCredentials } from './accounts.ts';
import { parseBody } from './api-error.ts';
import { faultOrderSchema } from './faults.ts';
import type { State } from './state.ts';

const advanceSchema = z.strictObject({ hours: z.number().nonnegative().max(10_000) });

/** Endpoints for people at a terminal, not part of Dintero's API: show the sandbox, move its clock, set its faults. */
export function addControlEndpoints(app: FastifyInstance, state: State): void {
  app.get('/sandbox', async () => ({
    now: state.world.now(),
    accounts: state.world.accounts.map((account) => ({
      ...account,
      cases: state.world.caseIds(account.id).length,
      ...sandboxCredentials(account.id),
    })),
    faults: activeFaults(state),
  }));
  app.post('/sandbox/advance', async (request) => {
    state.world.advance(parseBody(advanceSchema, request.body));
    state.webhooks.deliverChanges();
    return { now: state.world.now() };
  });
  app.post('/sandbox/faults', async (request) => {
    state.faults.add(parseBody(faultOrderSchema, request.body));
    return { faults: activeFaults(state) };
  });
  app.delete('/sandbox/faults', async () => {
    state.faults.clear();
    return { faults: activeFaults(state) };
  });
}

function activeFaults(state: State) {
  return state.faults
    .active()
    .map((order) => ({ ...order, times: Number.isFinite(order.times) ? order.times : 'always' }));
}
