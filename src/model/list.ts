/** One element of the list's array as it was received. */
export type Element = {
  /** SHA-256 over what decides how a case is stored and the element's bytes; 32 bytes. */
  fingerprint: Buffer;
  /** The element's JSON text in UTF-8; null when it was larger than `maxItemMegabytes` and therefore not kept. */
  bytes: Buffer | null;
  /** How many bytes the element had. */
  size: number;
  /** How deep its arrays and objects are nested; 0 for a bare string or number, and where it is known not to be deep. */
  depth: number;
};

/** Counters of a run's requests; the API client increments them. */
export type Traffic = { requests: number; retries: number; bytesRead: number };

export const newTraffic = (): Traffic => ({ requests: 0, retries: 0, bytesRead: 0 });

/** Receives one account's list. An error that it throws ends the fetch and is not retried. */
export type ListReader = {
  /** An answer begins; after a connection that broke midway it begins again from the top. */
  begin: () => Promise<void>;
  /** Whether this is the fingerprint of a case as it was before. Keep a copy, not the buffer. */
  knows: (fingerprint: Buffer) => boolean;
  /**
   * Takes the next element of the list by its fingerprint alone, if it is that of a case as it was before and nothing
   * else has to be done for it; it is not handed over then. Not to be asked while one before it is still to be.
   */
  skip: (fingerprint: Buffer) => boolean;
  /** The next elements, in the list's order. Nothing more is read from the network until this resolves. */
  elements: (elements: Element[]) => Promise<void>;
};

/** How a list ended that was read to its closing bracket, or needed no reading (304). */
export type ListEnd = { notModified: boolean; etag: string | null };
