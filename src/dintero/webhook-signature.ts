import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { derivedUuid } from '../model/derived-uuid.ts';
import { isUuid } from '../model/uuid.ts';

/** Events that may mean that a case has changed. A run after another event, such as a ping, would find nothing new. */
const CASE_EVENTS: ReadonlySet<string | undefined> = new Set([
  'cdd_case_update',
  'approval_payout_destination_update',
  'approval_payout_destination_delete',
  // Dintero sends the next three since June 2026.
  'account_payout_destination_add',
  'account_payout_destination_update',
  'account_payout_destination_delete',
]);

const DIGEST = /^[0-9a-f]{40}$/i;

/** Used for accounts without a secret, so that their rejection takes as long as any other. A string, like secrets. */
const dummySecret = randomBytes(16).toString('hex');

/**
 * Whether `signature`, the `event-signature` header, is the HMAC-SHA1 of the body in hex, with the subscription's secret
 * as the key. `body` must be the exact bytes received: Dintero's documentation says that a re-serialized object does not
 * match. Takes the same time for every kind of mismatch. Always false without a secret (null or empty).
 */
export function hasValidSignature({
  body,
  signature = '',
  secret,
}: {
  body: Buffer;
  signature: string | undefined;
  secret: string | null;
}): boolean {
  const expected = createHmac('sha1', secret || dummySecret)
    .update(body)
    .digest();
  const isDigest = DIGEST.test(signature);
  const received = isDigest ? Buffer.from(signature, 'hex') : Buffer.alloc(expected.length);
  return timingSafeEqual(expected, received) && isDigest && Boolean(secret);
}

/** Whether the `event` header names an event after which a run may find changes. */
export function isCaseEvent(event: string | undefined): boolean {
  return CASE_EVENTS.has(event);
}

/** SHA-256 of the body: the one part of a delivery that the signature proves. The headers, its id too, can be changed. */
export function bodyHashOf(body: Buffer): Buffer {
  return hash('sha256', body, 'buffer');
}

/**
 * The delivery's uuid, the same for every retry: the `event-delivery` header. If that is missing or malformed, a uuid is
 * derived from the body, because rejecting a signed delivery five times makes Dintero delete the subscription.
 */
export function deliveryIdOf({ body, header = '' }: { body: Buffer; header: string | undefined }): string {
  if (isUuid(header)) return header.toLowerCase();
  return derivedUuid(hash('sha256', body));
}
