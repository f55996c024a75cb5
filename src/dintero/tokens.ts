import { z } from 'zod';
import type { HttpClient } from '../http/client.ts';
import type { Clock } from '../http/clock.ts';
import { invalidResponseError } from '../http/errors.ts';
import type { ApiRequest, RequestContext } from '../http/request.ts';
import { readText } from '../http/response-body.ts';
import { retry } from '../http/retry.ts';
import { type IssuedToken, TokenCache, withToken } from '../http/token-cache.ts';
import type { Account, Credentials } from '../model/account.ts';
import type { ApiSettings } from '../model/api-settings.ts';
import { bearer, tokenAdvice } from './request-parts.ts';

type TokenOptions = { http: HttpClient; clock: Clock; audienceBase: ApiSettings['audienceBase'] };
type ClientCredentials = Pick<Credentials, 'clientId' | 'clientSecret'>;
type PartnerCredentials = Extract<Credentials, { kind: 'partner' }>;

/** A token is renewed this long before it expires, but not before nine tenths of its lifetime. */
const MARGIN_MS = 60_000;
const MARGIN_RATIO = 0.1;

const responseSchema = z.object({
  // Visible ASCII: the characters that can be sent in a header.
  access_token: z.string().regex(/^[!-~]+$/),
  expires_in: z.number().nullish(),
});

/**
 * The access tokens of all accounts, cached until shortly before they expire, as Dintero's page on authentication asks.
 * Endpoints: POST /accounts/{id}/auth/token, and for partners POST /accounts/{partner}/auth/exchange_token.
 */
export class AccountTokens {
  readonly #options: TokenOptions;
  readonly #caches = new Map<string, TokenCache>();

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  /** The token cache of an account. All merchants of a partner share the partner's own token. */
  cacheOf({ id, credentials }: Pick<Account, 'id' | 'credentials'>): TokenCache {
    return credentials.kind === 'partner' ? this.#merchantCache(id, credentials) : this.#ownCache(id, credentials);
  }

  #ownCache(id: string, client: ClientCredentials): TokenCache {
    return this.#cache([id, client.clientId, client.clientSecret], (context) =>
      this.#request(tokenRequest(id, this.#audience(id), { ...basic(client), advice: tokenAdvice(id) }), context),
    );
  }

  /** A merchant's token takes three steps: the partner's own token, an exchange token, the merchant's token. */
  #merchantCache(id: string, partner: PartnerCredentials): TokenCache {
    const { partnerId, clientId, clientSecret, audience } = partner;
    const partnerCache = this.#ownCache(partnerId, partner);
    const audienceUrl = this.#audience(audience === 'partner' ? partnerId : id);
    return this.#cache([id, partnerId, clientId, clientSecret, audience], (context) =>
      withToken(partnerCache, context, async (token) => {
        const exchanged = await this.#request(exchangeRequest(id, partnerId, token), context);
        const advice = tokenAdvice(`partner ${partnerId}`);
        return this.#request(tokenRequest(id, audienceUrl, { ...bearer(exchanged.token), advice }), context);
      }),
    );
  }

  // The key includes the credentials: after they change, a cached token must not hide that the new ones are wrong.
  #cache(key: string[], requestToken: (context: RequestContext) => Promise<IssuedToken>): TokenCache {
    const name = JSON.stringify(key);
    const cache = this.#caches.get(name) ?? new TokenCache(this.#options.clock, requestToken);
    this.#caches.set(name, cache);
    return cache;
  }

  #request(request: ApiRequest, context: RequestContext): Promise<IssuedToken> {
    const { http, clock } = this.#options;
    const attempt = async (): Promise<IssuedToken> => {
      const requestedAt = clock.now();
      const text = await readText(await http.send(request, context));
      const { access_token, expires_in } = parseResponse(request, text);
      const lifetimeMs = (expires_in ?? 0) * 1000;
      const renewAt = requestedAt + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_RATIO);
      return { token: access_token, renewAt };
    };
    return retry(clock, attempt, context);
  }

  #audience(accountId: string): string {
    return `${this.#options.audienceBase.replace(/\/+$/, '')}/${accountId}`;
  }
}

function parseResponse(request: ApiRequest, text: string): z.infer<typeof responseSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the cause: it quotes the response, which may contain a token.
    throw invalidResponseError(request, 'NOT_JSON', 'is not JSON');
  }
  const parsed = responseSchema.safeParse(value);
  if (!parsed.success) throw invalidResponseError(request, 'HTTP', 'has no access_token that can be sent');
  return parsed.data;
}

/** Authorizes a request by a client's id and secret. */
function basic({ clientId, clientSecret }: ClientCredentials): Pick<ApiRequest, 'headers' | 'secrets'> {
  const encoded = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return { headers: { Authorization: `Basic ${encoded}` }, secrets: [encoded, clientSecret] };
}

function tokenRequest(
  id: string,
  audience: string,
  parts: Pick<ApiRequest, 'headers' | 'secrets' | 'advice'>,
): ApiRequest {
  const data = { grant_type: 'client_credentials', audience };
  return { label: id, method: 'POST', path: `/accounts/${id}/auth/token`, data, ...parts };
}

function exchangeRequest(id: string, partnerId: string, token: string): ApiRequest {
  return {
    label: id,
    method: 'POST',
    path: `/accounts/${partnerId}/auth/exchange_token`,
    ...bearer(token),
    data: { account_id: id },
    advice: tokenAdvice(`partner ${partnerId}`),
  };
}
