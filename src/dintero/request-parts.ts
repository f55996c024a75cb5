import { ADDRESS } from '../http/failure-advice.ts';
import type { ApiRequest } from '../http/request.ts';

const FORBIDDEN_ADVICE = 'The client needs the scope read:accounts or admin:accounts.';
const NOT_FOUND_ADVICE = `Check ${ADDRESS} and the account id: a wrong host answers 404 too.`;

/** Authorizes a request by a token. */
export function bearer(token: string): Pick<ApiRequest, 'headers' | 'secrets'> {
  return { headers: { Authorization: `Bearer ${token}` }, secrets: [token] };
}

/** Advice for a request that reads an account. Its client renews a refused token once, so 401 means a new one. */
export function readAdvice(accountId: string): ApiRequest['advice'] {
  return {
    401: `A new token was refused too: check that the client belongs to ${accountId}.`,
    403: FORBIDDEN_ADVICE,
    404: NOT_FOUND_ADVICE,
  };
}

/** Advice for a token request with the credentials of `owner`, for example "partner P11200000". */
export function tokenAdvice(owner: string): ApiRequest['advice'] {
  return {
    401: `Check clientId and clientSecret of ${owner}.`,
    403: FORBIDDEN_ADVICE,
    404: NOT_FOUND_ADVICE,
  };
}
