import { createHash } from 'node:crypto';
import { createHttp, type On } from '../http/client.ts';
import { type Clock, systemClock } from '../http/clock.ts';
import { readText } from '../http/response-body.ts';
import { createGate, createRetry, type SharedHold } from '../http/retry.ts';
import { withToken } from '../http/token-cache.ts';
import { createCutter } from '../json-list/splitter.ts';
import type { Account, ApiSettings } from '../model/account.ts';
import { type ListEnd, type ListReader, noTraffic, type Traffic } from '../model/list.ts';
import { listCall, listPath, listQuery, type ReaderThrew, readElements, readStart } from './cases/list-endpoint.ts';
import { type Merchants, merchantsCall, type PartnerClient, readMerchants, readPage } from './merchants.ts';
import { createTokens } from './tokens.ts';

/** The API as the source of cases. */
export type Dintero = {
  /**
   * Reads an account's list to its closing bracket and hands its elements to `reader`, from the top again when the
   * connection breaks. Raises SyncErrors, and unchanged what `reader` throws.
   */
  readList: (account: Account, options: ListOptions) => Promise<ListEnd>;
  /** Gets a token and opens the list, to see that both are allowed; raises the SyncError that a run would end with. */
  checkAccess: (account: Account, signal: AbortSignal) => Promise<void>;
  /** Reads which merchants a partner has, by its own token; raises SyncErrors. */
  listMerchants: (partner: PartnerClient, signal: AbortSignal) => Promise<Merchants>;
  /** Ends all requests with `CANCELLED`. */
  close: () => void;
};

type ListOptions = {
  /** Of the list as it is known; when the API still has that one, nothing is read. */
  etag: string | null;
  signal: AbortSignal;
  traffic: Traffic;
  reader: ListReader;
};

export type DinteroOptions = {
  api: ApiSettings;
  /** Goes into every element's fingerprint. */
  salt: string;
  /** Our own version, told to the API. */
  userAgentVersion?: string;
  clock?: Clock;
  /** Where other workers of the same API are, that wait together when it asks for that. */
  sharedHold?: SharedHold | undefined;
};

export function createDintero({
  api,
  salt,
  userAgentVersion = '0',
  clock = systemClock,
  sharedHold,
}: DinteroOptions): Dintero {
  const retry = createRetry(clock);
  const http = createHttp({ api, version: userAgentVersion, gate: createGate(clock, sharedHold) });
  const tokens = createTokens({ http, retry, clock, api });
  const closing = new AbortController();

  const maxItemBytes = Math.floor(api.maxItemMegabytes * 1024 * 1024);
  const newCutter = (reader?: ListReader) =>
    createCutter({ salt, maxItemBytes, ...(reader && { knows: reader.knows, skip: reader.skip }) });
  const until = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);
  const trying = <T>(
    account: Pick<Account, 'id' | 'credentials'>,
    on: On,
    use: (token: string) => Promise<T>,
  ): Promise<T> => withToken(tokens(account), on, (token) => retry(() => use(token), on));

  async function readList(account: Account, { etag, signal, traffic, reader }: ListOptions): Promise<ListEnd> {
    const on = { signal: until(signal), traffic };
    let begun = false;
    const noting: ListReader = {
      ...reader,
      begin: () => {
        begun = true;
        return reader.begin();
      },
    };
    const end = await trying(account, on, async (token): Promise<ListEnd | ReaderThrew> => {
      // Once something of a newer list was read, "as it was" is no answer any more.
      const asked = listCall(account, token, begun ? null : etag);
      const answer = await http.send(asked, on);
      if (answer.status === 304) {
        // To its empty end, so that the connection can be used again.
        await readText(answer);
        return { notModified: true, etag: answer.etag ?? etag };
      }
      const threw = await readElements(answer, { asked, cutter: newCutter(reader), traffic, reader: noting });
      return threw ?? { notModified: false, etag: answer.etag };
    });
    if ('readerThrew' in end) throw end.readerThrew;
    return end;
  }

  async function checkAccess(account: Account, signal: AbortSignal): Promise<void> {
    const on = { signal: until(signal), traffic: noTraffic() };
    await trying(account, on, async (token) => {
      const asked = listCall(account, token, null);
      await readStart(await http.send(asked, on), { asked, cutter: newCutter() });
    });
  }

  async function listMerchants(partner: PartnerClient, signal: AbortSignal): Promise<Merchants> {
    const { id, clientId, clientSecret } = partner;
    const on = { signal: until(signal), traffic: noTraffic() };
    return readMerchants((after) =>
      trying({ id, credentials: { kind: 'client', clientId, clientSecret } }, on, async (token) => {
        const asked = merchantsCall(partner, token, after);
        return readPage(await http.send(asked, on), { asked, cutter: newCutter(), traffic: on.traffic });
      }),
    );
  }

  function close(): void {
    closing.abort();
    http.close();
  }

  return { readList, checkAccess, listMerchants, close };
}

/** A hash of everything that decides what the list says and how it is taken; a kept etag is good only for the same. */
export function listRequestKey(account: Account, api: Pick<ApiSettings, 'baseUrl'>, salt: string): string {
  const request = [api.baseUrl, listPath(account), listQuery(account).toString(), salt];
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
