/** Servers refuse requests with long headers, and no list needs a longer etag. */
const MAX_ETAG_LENGTH = 1024;
/**
 * One etag, weak or not, of visible ASCII (RFC 9110 section 8.8.3); some servers leave out the quotes. Not `*`, which
 * equals every list, not several, of which one may belong to an older list, and not an empty one, which can hardly
 * tell two lists apart.
 */
const ETAG = /^(?:W\/)?(?:"[!#-~]+"|(?!\*)[!#-+\--~]+)$/;

/** Statuses that say something else than that the etag is wrong: about rights, the address, or the time. */
const NOT_ABOUT_ETAG = new Set([401, 403, 404, 407, 408, 425, 429]);

/** The etag if it can be sent back safely, else null. */
export function usableEtag(etag: string | null): string | null {
  return etag !== null && etag.length <= MAX_ETAG_LENGTH && ETAG.test(etag) ? etag : null;
}

/** Whether a response to a request with an etag may be different without it, such as 431 (header too large). */
export function mayRefuseEtag(status: number): boolean {
  return status >= 400 && status < 500 && !NOT_ABOUT_ETAG.has(status);
}
