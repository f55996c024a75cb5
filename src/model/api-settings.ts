/** The configuration of the API client. */
export type ApiSettings = {
  baseUrl: string;
  /** The audience of a token is this URL followed by an account id. */
  audienceBase: string;
  /** Idle timeout: the longest time without a received byte. */
  timeoutSeconds: number;
  maxItemMegabytes: number;
};
