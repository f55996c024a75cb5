import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// The cookie of a signed-in viewer: name, end and a signature. Its key comes from the viewer's token, so that it holds on
// every replica and after a restart, and ends when the token changes. Nothing is stored.

/** The name of the cookie. */
export const COOKIE = 'cdd_sync_viewer';

/** A working day: longer than a shift, and gone the next morning. */
export const SESSION_SECONDS = 12 * 3600;

type Holder = { name: string; token: string };

/** The cookie's value. */
export function sealSession({ name, token }: Holder, now: Date): string {
  const end = Math.floor(now.getTime() / 1000) + SESSION_SECONDS;
  const body = `${Buffer.from(name).toString('base64url')}.${end}`;
  return `${body}.${signatureOf(body, token)}`;
}

/** The viewer of a cookie; null if the cookie is forged or expired, or the viewer's token has changed. */
export function openSession<V extends Holder>(value: string, viewers: readonly V[], now: Date): V | null {
  const [name = '', end = '', signature = ''] = value.split('.');
  const viewer = viewers.find((each) => Buffer.from(each.name).toString('base64url') === name);
  if (viewer === undefined || !isSameSecret(signature, signatureOf(`${name}.${end}`, viewer.token))) return null;
  return Number(end) * 1000 > now.getTime() ? viewer : null;
}

/** Compares in constant time. The hashes hide the lengths, too. */
export function isSameSecret(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

/** The value of a cookie in a request's header; null without it. */
export function cookieOf(header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=');
    if (name === COOKIE) return value;
  }
  return null;
}

function signatureOf(body: string, token: string): string {
  const key = createHmac('sha256', token).update('cdd-sync pages, session 1').digest();
  return createHmac('sha256', key).update(body).digest('base64url');
}
