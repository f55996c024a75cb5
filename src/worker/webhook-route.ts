import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyHashOf, deliveryIdOf, hasValidSignature, isCaseEvent } from '../dintero/webhook-signature.ts';
import type { Log } from '../log.ts';
import { withTimeout } from './timeout.ts';
import { WebhookLog } from './webhook-log.ts';

export type WebhookHandler = {
  /** The secret of the account's subscription; null for an unknown account, or one without a subscription. */
  secretFor: (accountId: string) => string | null;
  /** Requests a run. Must be idempotent: Dintero may send a delivery again after it was accepted. */
  requestRun: (accountId: string, deliveryId: string, bodyHash: Buffer) => Promise<void>;
};

/**
 * Adds the route for Dintero's webhooks. A signed delivery about cases requests a run of its account; the run reads the
 * list, so the body is never parsed, stored or logged. Every unsigned delivery gets the same 401, so that nobody can
 * find out which accounts exist.
 */
export function addWebhookRoute(
  app: FastifyInstance,
  {
    webhook,
    log,
    timeoutMs,
    now = () => performance.now(),
  }: { webhook: WebhookHandler; log: Log; timeoutMs: number; now?: () => number },
): void {
  const webhookLog = new WebhookLog(log, now);
  app.post<{ Params: { accountId: string } }>('/hooks/dintero/:accountId', async (request, reply) => {
    const { accountId } = request.params;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const secret = webhook.secretFor(accountId);
    if (!hasValidSignature({ body, signature: headerOf(request, 'event-signature'), secret })) {
      webhookLog.refused(secret === null ? null : accountId);
      return reply.code(401).send({ error: 'Unauthorized' });
    }
    webhookLog.genuine(accountId);
    if (!isCaseEvent(headerOf(request, 'event'))) return reply.code(200).send({ status: 'nothing to do' });
    const deliveryId = deliveryIdOf({ body, header: headerOf(request, 'event-delivery') });
    try {
      await withTimeout(timeoutMs, () => webhook.requestRun(accountId, deliveryId, bodyHashOf(body)));
      webhookLog.queued();
    } catch (err) {
      webhookLog.notQueued(accountId, err);
      return reply.code(503).send({ error: 'Service Unavailable' });
    }
    return reply.code(202).send({ status: 'accepted' });
  });
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
