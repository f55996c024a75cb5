/** One element of the list's array, as received. The next element overwrites its buffers, so copy them to keep them. */
export type Element = {
  /** SHA-256 of a salt (everything that affects how a case is stored) and the element's bytes; 32 bytes. */
  fingerprint: Buffer;
  /** The element's JSON text in UTF-8; null if it is larger than `maxItemMegabytes`. */
  bytes: Buffer | null;
  /** The element's size in bytes, also if `bytes` is null. */
  size: number;
  /** Nesting depth of arrays and objects; 0 for a string or number, and for an element known by its fingerprint. */
  depth: number;
};

/** Counters of a run's requests; the API client increments them. */
export type Traffic = { requests: number; retries: number; bytesRead: number };

/** Counters at zero. */
export const newTraffic = (): Traffic => ({ requests: 0, retries: 0, bytesRead: 0 });

/** Receives one account's list. An error thrown by its methods ends the fetch without a retry. */
export type ListReader = {
  /** Called at the start of each response: a retry after a broken connection starts the list again. */
  begin: () => Promise<void>;
  /** Whether a stored case has this fingerprint. */
  isKnown: (fingerprint: Buffer) => boolean;
  /** Takes the next element by its fingerprint alone and returns true, if its case is unchanged and needs no work. */
  skip: (fingerprint: Buffer) => boolean;
  /** Takes the next element, if it was not skipped. Reading from the network pauses until this resolves. */
  takeElement: (element: Element) => Promise<void>;
};

/** The result of a list that was read to its closing bracket, or was not modified (304). */
export type ListResult = {
  notModified: boolean;
  etag: string | null;
  /** The etag with which the API refused the request before. */
  refusedEtag?: string;
};
