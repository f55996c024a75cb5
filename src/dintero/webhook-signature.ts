import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Events that may mean that a case has changed. A run after another event, such as a ping, would find nothing new. */
const CASE_EVENTS: ReadonlySet<string | undefined> = new Set([
  'cdd_case_update',
  'approval_payout_destination_update',
  'approval_payout_destination_delete',
  // These three since 2026-06.
  'account_payout_destination_add',
  'account_payout_destination_update',
  'account_payout_destination_delete',
]);

const DIGEST = /^[0-9a-f]{40}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Stands in where an account has no secret, so that its refusal takes as long as any other. Text too: bytes are slower. */
const nobodysSecret = randomBytes(16).toString('hex');

/**
 * Whether `signature`, the `event-signature` header, is the HMAC-SHA1 of the body in hex, keyed with the subscription's
 * secret. Takes the same time whatever is wrong; without a secret (null, or empty) it is always false.
 */
export function isGenuine({
  body,
  signature = '',
  secret,
}: {
  body: Buffer;
  signature: string | undefined;
  secret: string | null;
}): boolean {
  const due = createHmac('sha1', secret || nobodysSecret)
    .update(body)
    .digest();
  const isDigest = DIGEST.test(signature);
  const given = isDigest ? Buffer.from(signature, 'hex') : Buffer.alloc(due.length);
  return timingSafeEqual(due, given) && isDigest && Boolean(secret);
}

/** Whether the `event` header tells of something that a run would see. */
export function concernsCases(event: string | undefined): boolean {
  return CASE_EVENTS.has(event);
}

/**
 * The delivery's uuid, the same however often it is tried: the `event-delivery` header. Where that is none, one made of
 * the body, because refusing a genuine delivery five times costs the subscription.
 */
export function deliveryIdOf({ body, header = '' }: { body: Buffer; header: string | undefined }): string {
  if (UUID.test(header)) return header.toLowerCase();
  const hash = createHash('sha256').update(body).digest('hex');
  // A uuid of version 8: its maker's own.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
