import { z } from 'zod';
import type { Call, Http, On } from '../http/client.ts';
import type { Clock } from '../http/clock.ts';
import { unusable } from '../http/errors.ts';
import { readText } from '../http/response-body.ts';
import type { Retry } from '../http/retry.ts';
import { createTokenSource, type Granted, type TokenSource, withToken } from '../http/token-cache.ts';
import type { Account, ApiSettings, Credentials } from '../model/account.ts';

/** The token source of an account; a partner's merchants share the partner's own token. */
export type Tokens = (account: Pick<Account, 'id' | 'credentials'>) => TokenSource;

type Parts = { http: Http; retry: Retry; clock: Clock; api: ApiSettings };
type Client = Pick<Credentials, 'clientId' | 'clientSecret'>;
type Partner = Extract<Credentials, { kind: 'partner' }>;

/** A token is renewed so long before it expires, but not before nine tenths of its life are over. */
const MARGIN_MS = 60_000;
const MARGIN_RATIO = 0.1;

const answerSchema = z.object({
  // What can stand in a header.
  access_token: z.string().regex(/^[!-~]+$/),
  expires_in: z.number().nullish(),
});

export function createTokens(parts: Parts): Tokens {
  const sources = new Map<string, TokenSource>();

  // By the credentials too: after they were changed, the token of the old ones must not hide that the new are wrong.
  function sourceOf(key: string[], request: (on: On) => Promise<Granted>): TokenSource {
    const name = JSON.stringify(key);
    const source = sources.get(name) ?? createTokenSource(parts.clock, request);
    sources.set(name, source);
    return source;
  }

  function own(id: string, client: Client): TokenSource {
    const { clientId, clientSecret } = client;
    return sourceOf([id, clientId, clientSecret], (on) => grant(parts, ownTokenCall(parts.api, id, client), on));
  }

  function merchants(id: string, partner: Partner): TokenSource {
    const { partnerId, clientId, clientSecret, audience } = partner;
    const partnersOwn = own(partnerId, partner);
    return sourceOf([id, partnerId, clientId, clientSecret, audience], (on) =>
      withToken(partnersOwn, on, async (token) => {
        const exchanged = await grant(parts, exchangeCall(id, partnerId, token), on);
        return grant(parts, merchantTokenCall(parts.api, id, { partner, token: exchanged.token }), on);
      }),
    );
  }

  return ({ id, credentials }) => (credentials.kind === 'partner' ? merchants(id, credentials) : own(id, credentials));
}

async function grant({ http, retry, clock }: Parts, call: Call, on: On): Promise<Granted> {
  return retry(async () => {
    const askedAt = clock.now();
    const text = await readText(await http.send(call, on));
    const { access_token, expires_in } = readAnswer(call, text);
    const life = (expires_in ?? 0) * 1000;
    return { token: access_token, goodUntil: askedAt + life - Math.min(MARGIN_MS, life * MARGIN_RATIO) };
  }, on);
}

function readAnswer(call: Call, text: string): z.infer<typeof answerSchema> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // No cause: it would quote the answer, which may hold a token.
    throw unusable(call, 'NOT_JSON', 'is not JSON');
  }
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw unusable(call, 'HTTP', 'has no access_token that can be sent');
  return parsed.data;
}

function ownTokenCall(api: ApiSettings, id: string, { clientId, clientSecret }: Client): Call {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return {
    account: id,
    method: 'POST',
    path: `/accounts/${id}/auth/token`,
    credentialsOf: id,
    headers: { Authorization: `Basic ${basic}` },
    data: tokenRequest(api, id),
    secrets: [basic, clientSecret],
  };
}

function exchangeCall(id: string, partnerId: string, token: string): Call {
  return {
    account: id,
    method: 'POST',
    path: `/accounts/${partnerId}/auth/exchange_token`,
    credentialsOf: `partner ${partnerId}`,
    headers: { Authorization: `Bearer ${token}` },
    data: { account_id: id },
    secrets: [token],
  };
}

function merchantTokenCall(
  api: ApiSettings,
  id: string,
  { partner, token }: { partner: Partner; token: string },
): Call {
  return {
    account: id,
    method: 'POST',
    path: `/accounts/${id}/auth/token`,
    credentialsOf: `partner ${partner.partnerId}`,
    headers: { Authorization: `Bearer ${token}` },
    data: tokenRequest(api, partner.audience === 'partner' ? partner.partnerId : id),
    secrets: [token],
  };
}

function tokenRequest({ audienceBase }: ApiSettings, audience: string) {
  return { grant_type: 'client_credentials', audience: `${audienceBase.replace(/\/+$/, '')}/${audience}` };
}
