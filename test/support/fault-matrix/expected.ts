// What a service must do, by the rules of faults.ts and these: five tries for a transient fault, one for any other; 401
// renews the token once; a refused etag is left out; a token is kept until it is refused.
import type { ErrorCode } from '../../../src/model/sync-error.ts';
import type { Fault } from '../../../src/sandbox/faults.ts';
import type { Cell, Place } from './cells.ts';
import { type Effect, RULES, type Rule } from './faults.ts';

export type Tries = Partial<Record<Place, number>>;
type Failure = { code: ErrorCode; place: Place; says: string };
/** The end of a run, or of a discovery. `failure` is null if the answer was used. */
export type Expected = { failure: Failure | null; effect: Effect; tries: Tries };

const TRIES = 5;
/** More than an hour of `Retry-After` holds the account that was told so, and no other. */
const HELD = 'allows no request before';
const FINE: Effect = { code: null };
const REFUSED: Effect = { code: 'AUTH', says: 'answered 401' };
/** Faults that the sandbox sends without looking at the token. */
const UNCHECKED: readonly Fault['kind'][] = ['status', 'body', 'html', 'object', 'empty', 'hangUp', 'reset', 'raw'];

class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** The faults left, and the tokens and etags that a service has. */
export class Model {
  #faults: Cell['faults'];
  #tries: Tries = {};
  readonly #tokens = new Map<string, 'good' | 'worthless'>();
  readonly #withEtag: Set<string>;
  /** The accounts and partners that may send no request, because the API asked for more than an hour. */
  readonly #held = new Set<string>();
  /** Seconds of each `Retry-After` so far. */
  readonly waits: number[] = [];

  constructor(faults: Cell['faults'], accountIds: readonly string[]) {
    this.#faults = faults;
    this.#withEtag = new Set(accountIds);
  }

  arm(faults: Cell['faults']): void {
    this.#held.clear();
    this.#faults = faults.map((order) => ({ ...order }));
  }

  /** The partner's own token, and its list of merchants. `isFaulty` is false for the places of other accounts. */
  discover(isFaulty: boolean, partner: string): Expected {
    return this.#attempt(() =>
      this.#withToken(
        partner,
        () => this.#ownToken('partnerToken', isFaulty, partner),
        (token) => this.#request('merchants', { isFaulty, token, key: partner }),
      ),
    );
  }

  /** A run of a merchant: the partner's token, the exchange, the merchant's token, the list. */
  run(isFaulty: boolean, account: string, partner: { id: string; isFaulty: boolean }): Expected {
    const merchantToken = () =>
      this.#withToken(
        partner.id,
        () => this.#ownToken('partnerToken', partner.isFaulty, partner.id),
        (own) => {
          const exchange = this.#request('exchange', { isFaulty, token: own, key: account });
          return this.#request('token', { isFaulty, token: tokenOf(exchange), key: account });
        },
      );
    return this.#attempt(() => this.#list(isFaulty, account, merchantToken));
  }

  /** A run of an account with a client of its own, which has no faults. */
  runOwn(account: string): Expected {
    return this.#attempt(() => this.#list(false, account, () => this.#ownToken('token', false, account)));
  }

  #list(isFaulty: boolean, account: string, requestToken: () => Effect): Effect {
    const effect = this.#withToken(account, requestToken, (token) =>
      this.#request('cases', { isFaulty, token, key: account }),
    );
    if (effect.withEtag !== 'not modified') this.#withEtag.add(account);
    return effect;
  }

  #ownToken(place: Place, isFaulty: boolean, key: string): Effect {
    return this.#request(place, { isFaulty, token: 'good', key });
  }

  /** Uses the stored token, and once more a new one if the API refuses it. */
  #withToken(key: string, requestToken: () => Effect, use: (token: 'good' | 'worthless') => Effect): Effect {
    const tokenFor = () => {
      const stored = this.#tokens.get(key);
      if (stored !== undefined) return stored;
      const effect = requestToken();
      if (effect.token !== 'not cached') this.#tokens.set(key, tokenOf(effect));
      return tokenOf(effect);
    };
    const token = tokenFor();
    try {
      return use(token);
    } catch (error) {
      if (!(error instanceof Failed && error.failure.code === 'AUTH')) throw error;
    }
    this.#tokens.delete(key);
    return use(tokenFor());
  }

  #request(place: Place, request: { isFaulty: boolean; token: 'good' | 'worthless'; key: string }): Effect {
    if (this.#held.has(request.key)) throw new Failed({ code: 'RATE_LIMITED', place, says: HELD });
    for (let tried = 1; ; tried += 1) {
      let effect = this.#send(place, request);
      if (place === 'cases' && this.#withEtag.has(request.key)) {
        if (effect.withEtag === 'not modified') return { code: null, withEtag: 'not modified' };
        if (effect.withEtag === 'again') {
          this.#withEtag.delete(request.key);
          effect = this.#send(place, request);
        }
      }
      if (place === 'cases' && (effect.hasBegun || effect.code === null)) this.#withEtag.delete(request.key);
      if (effect.code === null || effect.partial !== undefined) return effect;
      if (!effect.isTransient || tried === TRIES) {
        if (effect.says === HELD) this.#held.add(request.key);
        throw new Failed({ code: effect.code, place, says: effect.says ?? '' });
      }
    }
  }

  #send(place: Place, { isFaulty, token }: { isFaulty: boolean; token: 'good' | 'worthless' }): Effect {
    this.#tries[place] = (this.#tries[place] ?? 0) + 1;
    const rule = isFaulty ? this.#take(place) : null;
    if (token === 'worthless' && (rule === null || isChecked(rule))) return REFUSED;
    if (rule === null) return FINE;
    const effect = place === 'cases' || place === 'merchants' ? rule.lists : rule.tokens;
    if (effect.retryAfter !== undefined) this.waits.push(effect.retryAfter);
    return effect;
  }

  #take(place: Place): Rule | null {
    const order = this.#faults.find((each) => each.place === place && each.times > 0);
    if (order === undefined) return null;
    order.times -= 1;
    return RULES[order.fault];
  }

  #attempt(work: () => Effect): Expected {
    this.#tries = {};
    try {
      const effect = work();
      return { failure: null, effect, tries: this.#tries };
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      return { failure: error.failure, effect: FINE, tries: this.#tries };
    }
  }
}

const tokenOf = ({ token }: Effect) => (token === 'worthless' ? 'worthless' : 'good');

/** Whether the sandbox looks at the token before the fault takes effect. */
function isChecked({ fault, waits }: Rule): boolean {
  if (fault.kind === 'delay') return waits === undefined;
  return !UNCHECKED.includes(fault.kind);
}
