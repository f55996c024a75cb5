import { HttpClient } from '../http/client.ts';
import { type Clock, systemClock } from '../http/clock.ts';
import { usableEtag } from '../http/etag.ts';
import { type HoldChange, newProbeWaits, newWaits, RateLimitHold, type SharedHolds } from '../http/rate-limit-hold.ts';
import type { RequestContext, Waits } from '../http/request.ts';
import { readText } from '../http/response-body.ts';
import { retry } from '../http/retry.ts';
import { withToken } from '../http/token-cache.ts';
import { ListSplitter } from '../json-list/splitter.ts';
import type { Account } from '../model/account.ts';
import type { ApiSettings } from '../model/api-settings.ts';
import { type ListReader, type ListResult, newTraffic, type Traffic } from '../model/list.ts';
import { listRequest } from './cases/list-endpoint.ts';
import { type ReaderFailure, readElements, readStart } from './element-stream.ts';
import { type Merchants, merchantsRequest, type PartnerClient, readAllPages, readPage } from './merchants.ts';
import { AccountTokens } from './tokens.ts';

export type ListOptions = {
  /** The etag of the stored list, or null. If the API still has that list, nothing is read. */
  etag: string | null;
  signal: AbortSignal;
  traffic: Traffic;
  reader: ListReader;
};

export type DinteroOptions = {
  api: ApiSettings;
  /** Part of every element's fingerprint. */
  salt: string;
  /** The version of cdd-sync, sent with every request. */
  version?: string;
  clock?: Clock;
  /** Shares the holds of `Retry-After` with other workers. */
  sharedHolds?: SharedHolds;
  /** Called when such a hold begins, moves or ends. */
  onHoldChange?: ((change: HoldChange) => void) | undefined;
};

/** Reads Dintero's API. All methods throw SyncErrors. */
export class DinteroClient {
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #tokens: AccountTokens;
  readonly #createSplitter: (reader?: ListReader) => ListSplitter;
  readonly #closing = new AbortController();

  constructor({ api, salt, version = '0', clock = systemClock, ...holds }: DinteroOptions) {
    this.#clock = clock;
    this.#http = new HttpClient({
      baseUrl: api.baseUrl,
      timeoutSeconds: api.timeoutSeconds,
      headers: {
        'User-Agent': `cdd-sync/${version}`,
        'Dintero-System-Name': 'cdd-sync',
        'Dintero-System-Version': version,
      },
      hold: new RateLimitHold(clock, { shared: holds.sharedHolds, onChange: holds.onHoldChange }),
    });
    this.#tokens = new AccountTokens({ http: this.#http, clock, audienceBase: api.audienceBase });
    const maxItemBytes = Math.floor(api.maxItemMegabytes * 1024 * 1024);
    this.#createSplitter = (reader) =>
      new ListSplitter({
        salt,
        maxItemBytes,
        ...(reader && { isKnown: (fingerprint) => reader.isKnown(fingerprint) }),
      });
  }

  /**
   * Reads an account's list to its closing bracket and passes the elements to `reader`, from the start again if the
   * connection breaks. If the API refuses the etag, requests the list without it. Errors thrown by `reader` are passed
   * on unchanged.
   */
  async readList(account: Account, { etag, signal, traffic, reader }: ListOptions): Promise<ListResult> {
    const context = this.#context(signal, traffic);
    // None after a part of a newer list was read, because "not modified" would be wrong then.
    let usable = usableEtag(etag);
    let refused: string | null = null;
    const result = await this.#withRetries(account, context, async (token): Promise<ListResult | ReaderFailure> => {
      const request = listRequest(account, token);
      let response = usable === null ? null : await this.#http.sendWithEtag(request, usable, context);
      if (response === null) {
        refused ??= usable;
        usable = null;
        response = await this.#http.send(request, context);
      }
      if (response.status === 304) {
        // Read to its empty end, so that the connection can be reused.
        await readText(response);
        return { notModified: true, etag: response.etag ?? usable };
      }
      usable = null;
      const splitter = this.#createSplitter(reader);
      const failure = await readElements(response, { request, splitter, traffic, reader });
      return failure ?? { notModified: false, etag: response.etag, ...(refused !== null && { refusedEtag: refused }) };
    });
    if ('readerError' in result) throw result.readerError;
    return result;
  }

  /**
   * Gets a token and opens the list, to check that both are allowed; throws the error that a run would end with. Tries
   * also while a stored hold lasts: if this succeeds, the hold is over. Returns the API's clock minus ours, if known.
   */
  async checkAccess(account: Account, signal: AbortSignal): Promise<{ clockAheadMs: number | null }> {
    const context = this.#context(signal, newTraffic(), newProbeWaits());
    return this.#withRetries(account, context, async (token) => {
      const request = listRequest(account, token);
      const response = await this.#http.send(request, context);
      await readStart(response, { request, splitter: this.#createSplitter() });
      return { clockAheadMs: response.clockAheadMs };
    });
  }

  /**
   * Lists the merchants of a partner, with the partner's own token. With `ignoreHolds`, also while a stored hold lasts, as
   * `checkAccess` does.
   */
  async listMerchants(partner: PartnerClient, signal: AbortSignal, { ignoreHolds = false } = {}): Promise<Merchants> {
    const { id, clientId, clientSecret } = partner;
    const account: Pick<Account, 'id' | 'credentials'> = {
      id,
      credentials: { kind: 'client', clientId, clientSecret },
    };
    const context = this.#context(signal, newTraffic(), ignoreHolds ? newProbeWaits() : newWaits());
    return readAllPages((after) =>
      this.#withRetries(account, context, async (token) => {
        const request = merchantsRequest(partner, token, after);
        const response = await this.#http.send(request, context);
        return readPage(response, { request, splitter: this.#createSplitter(), traffic: context.traffic });
      }),
    );
  }

  /** Ends all requests with `CANCELLED`. */
  close(): void {
    this.#closing.abort();
    this.#http.close();
  }

  #context(signal: AbortSignal, traffic = newTraffic(), waits: Waits = newWaits()): RequestContext {
    return { signal: AbortSignal.any([signal, this.#closing.signal]), traffic, waits };
  }

  #withRetries<T>(
    account: Pick<Account, 'id' | 'credentials'>,
    context: RequestContext,
    use: (token: string) => Promise<T>,
  ): Promise<T> {
    const cache = this.#tokens.cacheOf(account);
    return withToken(cache, context, (token) => retry(this.#clock, () => use(token), context));
  }
}
