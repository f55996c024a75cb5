import type { FastifyInstance, FastifyRequest } from 'fastify';
import { concernsCases, deliveryIdOf, isGenuine } from '../dintero/webhook-signature.ts';
import type { Log } from '../log.ts';
import { within } from './timeout.ts';

export type Webhook = {
  /** The secret of the account's subscription; null when there is none, or no such account. */
  secretOf: (accountId: string) => string | null;
  /** Asks for a run. The same delivery may come several times, also after its first nudge succeeded. */
  nudge: (accountId: string, deliveryId: string) => Promise<void>;
};

/**
 * Where Dintero tells that cases changed: a signed delivery asks for a run of its account, which then reads what is
 * true. Nothing of the body is read, kept or logged. Who cannot sign learns nothing, not even which accounts there are.
 */
export function addHookRoute(
  app: FastifyInstance,
  { webhook, log, patienceMs }: { webhook: Webhook; log: Log; patienceMs: number },
): void {
  app.post<{ Params: { accountId: string } }>('/hooks/dintero/:accountId', async (request, reply) => {
    const { accountId } = request.params;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const secret = webhook.secretOf(accountId);
    if (!isGenuine({ body, signature: headerOf(request, 'event-signature'), secret })) {
      log.debug(secret === null ? {} : { account: accountId }, 'refused a webhook that is not signed by its account');
      return reply.code(401).send({ error: 'Unauthorized' });
    }
    if (!concernsCases(headerOf(request, 'event'))) return reply.code(200).send({ status: 'nothing to do' });
    const deliveryId = deliveryIdOf({ body, header: headerOf(request, 'event-delivery') });
    try {
      await within(patienceMs, () => webhook.nudge(accountId, deliveryId));
    } catch (err) {
      log.warn({ account: accountId, err }, 'a webhook could not be queued; Dintero was asked to send it again');
      return reply.code(503).send({ error: 'Service Unavailable' });
    }
    return reply.code(202).send({ status: 'accepted' });
  });
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
