import type { Account } from '../model/account.ts';
import { knownMerchants } from '../store/accounts/accounts.ts';
import type { Database } from '../store/postgres/pool.ts';
import { type AccountConfig, discoveringPartners, merchantAccount } from './merchant-accounts.ts';

/** The accounts that a worker syncs. Discovery replaces the list. */
export class AccountDirectory {
  readonly #config: AccountConfig;
  readonly #database: Database;
  current: readonly Account[];

  constructor(config: AccountConfig, database: Database, accounts: readonly Account[]) {
    this.#config = config;
    this.#database = database;
    this.current = accounts;
  }

  get(id: string): Account | undefined {
    return this.current.find((account) => account.id === id);
  }

  /** An account that this replica knows, or a merchant that another replica has discovered; else undefined. */
  async find(id: string): Promise<Account | undefined> {
    return this.get(id) ?? (await this.#findMerchant(id));
  }

  /**
   * Only reads: a replica with an older configuration must not change cdd.accounts when it gets a job of an account
   * that it does not know.
   */
  async #findMerchant(id: string): Promise<Account | undefined> {
    const partners = discoveringPartners(this.#config);
    const partnerIds = partners.map((partner) => partner.id);
    const merchant = (await knownMerchants(this.#database, partnerIds)).find((known) => known.id === id);
    const partner = partners.find((candidate) => candidate.id === merchant?.partnerId);
    return merchant && partner && merchantAccount(merchant, partner, this.#config.schedule);
  }
}
