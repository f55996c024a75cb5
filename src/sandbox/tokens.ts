import { randomBytes } from 'node:crypto';

/** The permission of a token: reading an account, or getting an access token for it (`exchange`). */
export type Grant = { kind: 'access' | 'exchange'; account: string };

/** The issued tokens. */
export class TokenStore {
  readonly lifetimeSeconds: number;
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant & { expiresAt: number }>();

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number, lifetimeSeconds: number) {
    this.#now = now;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  /** Returns a new opaque token. */
  issue(grant: Grant): string {
    const token = `sbx_${randomBytes(48).toString('base64url')}`;
    this.#grants.set(token, { ...grant, expiresAt: this.#now() + this.lifetimeSeconds * 1000 });
    return token;
  }

  /** The permission of a token; null when the token is unknown or has expired. */
  grantOf(token: string): Grant | null {
    const grant = this.#grants.get(token);
    return grant && grant.expiresAt > this.#now() ? grant : null;
  }

  issued(): string[] {
    return [...this.#grants.keys()];
  }
}
