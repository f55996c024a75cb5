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

/** Headers that only a proxy sends. They are never believed, but show that somebody else may be behind the connection. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Whether a proxy has probably passed the request on. Browsers speak HTTP/1.1; nginx spoke 1.0 to servers for long. */
export function isProxied({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean {
  return httpVersion === '1.0' || PROXY_HEADERS.some((name) => headers[name] !== undefined);
}
