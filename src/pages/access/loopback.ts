import type { IncomingMessage } from 'node:http';

// Without viewers, only a person at this machine may look: decision 83.

/** Whether a connection comes from this machine. An IPv4 address can be written as IPv6. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address ?? '');
}

/**
 * Whether a Host header names this machine. After DNS rebinding (the name of another site points to 127.0.0.1), the
 * browser sends that other name.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host ?? '');
}

/**
 * The host that a request is for, by its target: `GET http://host/ HTTP/1.1` overrules the Host header (RFC 9112, 3.2.2).
 * Null = the target is a path, as browsers send it.
 */
export function targetHost(target: string | undefined): string | null {
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(target ?? '')?.[1] ?? null;
}

/** Headers that only proxies send. Their values are never believed; each shows that the client may be another machine. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Whether the request probably came through a proxy. Browsers send HTTP/1.1; older nginx sends 1.0 to its servers. */
export function isProxied({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean {
  return httpVersion === '1.0' || PROXY_HEADERS.some((name) => headers[name] !== undefined);
}
