import { randomBytes } from 'node:crypto';

/** What a token is good for: reading an account, or getting an access token for it (`exchange`). */
export type Grant = { kind: 'access' | 'exchange'; account: string };

export type Tokens = ReturnType<typeof createTokens>;

/** The tokens given out. `now` is a clock in milliseconds. */
export function createTokens(now: () => number, lifeSeconds: number) {
  const grants = new Map<string, Grant & { expiresAt: number }>();
  return {
    lifeSeconds,
    /** A new token: random, and nothing can be read from it. */
    issue(grant: Grant): string {
      const token = `sbx_${randomBytes(48).toString('base64url')}`;
      grants.set(token, { ...grant, expiresAt: now() + lifeSeconds * 1000 });
      return token;
    },
    /** What the token is good for; null when it is unknown or has expired. */
    grantOf(token: string): Grant | null {
      const grant = grants.get(token);
      return grant && grant.expiresAt > now() ? grant : null;
    },
    issued: (): string[] => [...grants.keys()],
  };
}
