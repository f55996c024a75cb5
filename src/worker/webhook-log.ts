import type { Log } from '../log.ts';
import { outageKind } from '../store/postgres/outages.ts';

/** Anybody can send forged deliveries, so a line about them is not repeated within this time. */
const REPEAT_AFTER_MS = 3_600_000;
const NOT_QUEUED = 'a webhook could not be queued; answered 503 so that Dintero sends it again';

/**
 * Logs changes of state of the webhooks, not single deliveries: refused for an account, and accepted again; not to be
 * queued, and queued again.
 */
export class WebhookLog {
  readonly #log: Log;
  readonly #now: () => number;
  /** When a refusal was logged, by account; '' for accounts that have no secret or do not exist. */
  readonly #refusedAt = new Map<string, number>();
  readonly #refusing = new Set<string>();
  #failure: string | null = null;

  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /**
   * Logs a refused delivery. Null = the account has no secret or is unknown; its id is not logged, it could be any
   * text.
   */
  refused(account: string | null): void {
    const key = account ?? '';
    const loggedAt = this.#refusedAt.get(key);
    if (loggedAt !== undefined && this.#now() - loggedAt < REPEAT_AFTER_MS) return;
    this.#refusedAt.set(key, this.#now());
    if (account === null) {
      this.#log.info('refused a webhook for an account that is not configured, or has no webhookSecret');
      return;
    }
    this.#refusing.add(account);
    this.#log.warn(
      { account },
      `${account}: refused a webhook whose signature is missing or wrong; more are not logged for an hour. If Dintero sent it, correct webhookSecret, before Dintero deletes the subscription`,
    );
  }

  /** Logs the first genuine delivery after a refused one. */
  genuine(account: string): void {
    if (this.#refusing.delete(account)) this.#log.info({ account }, `${account}: webhooks are accepted`);
  }

  /** Logs a delivery that could not be queued, if the reason is new. */
  notQueued(account: string, err: unknown): void {
    // The watch of Postgres logs an outage, once for all parts of the worker.
    if (outageKind(err) !== null) {
      this.#log.debug({ account, err }, NOT_QUEUED);
      return;
    }
    const reason = err instanceof Error ? err.message : String(err);
    if (reason === this.#failure) return;
    this.#failure = reason;
    this.#log.warn({ account, err }, NOT_QUEUED);
  }

  /** Logs the first delivery that was queued after one that was not. */
  queued(): void {
    if (this.#failure !== null) this.#log.info('webhooks are queued again');
    this.#failure = null;
  }
}
