import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from './api-error.ts';
import { accountOf, requireAccess, type State } from './state.ts';

const subscriptionRequest = z.object({
  config: z.object({ url: z.url(), secret: z.string().optional() }),
  events: z.array(z.string()).min(1),
});

/** Creates webhook subscriptions. A new subscriber gets a ping. */
export function addWebhookEndpoint(app: FastifyInstance, state: State): void {
  app.post<{ Params: { accountId: string } }>('/v1/accounts/:accountId/hooks/subscriptions', async (request, reply) => {
    const account = accountOf(state, request.params.accountId);
    requireAccess(state, request.raw, account);
    const { config, events } = parseBody(subscriptionRequest, request.body);
    const subscription = { account: account.id, url: config.url, secret: config.secret ?? null, events };
    const { id } = state.webhooks.subscribe(subscription);
    void state.webhooks.deliver(account.id, 'ping');
    return reply.code(201).send({ id, account_id: account.id, events, config: { url: config.url } });
  });
}
