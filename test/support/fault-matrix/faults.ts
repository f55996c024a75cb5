// The rules, one line a fault: what each does to a request for a token, and to one for a list (of cases or of merchants).
// They are those of docs/operating.md ("Error codes", "The API") and of docs/sandbox.md, not those of the source.
import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../../src/model/sync-error.ts';
import type { Fault } from '../../../src/sandbox/faults.ts';

/** The effect on one request. `says` are words of the error's message that name the reason. */
export type Effect = {
  /** Null: the answer is used. */
  code: ErrorCode | null;
  /** Whether the request is tried again, five times in all. */
  isTransient?: boolean;
  says?: string;
  /** `Retry-After`, in seconds. */
  retryAfter?: number;
  /** A list: the state of the run, and how many cases it must not mark missing, or does. */
  partial?: { rejected: number; heldBack: number };
  missing?: number;
  /** A list: the log has a warning about fields. */
  hasProblems?: true;
  /** A list: an item is accepted that is not the sandbox's. */
  isOther?: true;
  /** The token cannot be cached, or the API does not know it. */
  token?: 'not cached' | 'worthless';
  /** The answer began with status 200, so a later try sends no etag. */
  hasBegun?: true;
  /** The list again without its etag, or "not modified". */
  withEtag?: 'again' | 'not modified';
};

/** `waits`: which of the client's timers ends it: for the head of an answer, for its body, for a slow body. */
export type Rule = {
  fault: Fault;
  tokens: Effect;
  lists: Effect;
  only?: 'tokens' | 'cases';
  waits?: 'head' | 'body' | 'slow';
};

const again = (code: ErrorCode, says: string, more: Partial<Effect> = {}): Effect => ({
  code,
  isTransient: true,
  says,
  ...more,
});
const broken = (code: ErrorCode, says: string): Effect => again(code, says, { hasBegun: true });
const once = (code: ErrorCode, says: string, more: Partial<Effect> = {}): Effect => ({ code, says, ...more });
const fine = (more: Partial<Effect> = {}): Effect => ({ code: null, ...more });
const partial = (code: ErrorCode | null, rejected: number, heldBack = 0, says = ''): Effect => ({
  code,
  says,
  partial: { rejected, heldBack },
});

const both = (fault: Fault, effect: Effect, more: Pick<Rule, 'waits'> = {}): Rule => ({
  fault,
  tokens: effect,
  lists: effect,
  ...more,
});
const bodies = (fault: Fault, tokens: Effect, lists: Effect): Rule => ({ fault, tokens, lists });
const forTokens = (fault: Fault, tokens: Effect): Rule => ({ fault, tokens, lists: fine(), only: 'tokens' });
const forCases = (fault: Fault, lists: Effect): Rule => ({ fault, tokens: fine(), lists, only: 'cases' });

const status = (number: number, retryAfter?: number): Fault => ({
  kind: 'status',
  status: number,
  echo: true,
  ...(retryAfter !== undefined && { retryAfter }),
});
const items = (change: Extract<Fault, { kind: 'items' }>['change'], count?: 'all'): Fault => ({
  kind: 'items',
  change,
  ...(count && { count }),
});
const raw = (bytes: string): Fault => ({ kind: 'raw', bytes });
const body = (text: string): Fault => ({ kind: 'body', body: text });
const headers = (name: string, value: string): Fault => ({ kind: 'headers', headers: { [name]: value } });

const OK = 'HTTP/1.1 200 OK\r\n';
const zipped = gzipSync('[1,2,3]').toString('latin1');
const gzipped = (bytes: string) =>
  raw(`${OK}Content-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`);
const FOREVER = 1e6;
/** Seconds between bytes. A test can wait so long, and the client's timers count the answer as slow all the same. */
const DRIP = 0.001;

export const RULES = {
  // Another status. 4xx: once, but 408, 425 and 429; 401 renews the token (expected.ts); 5xx: five times.
  '204': both(status(204), once('HTTP', 'answered 204')),
  '302': both(
    { kind: 'status', status: 302, location: 'https://login.example.com/' },
    once('HTTP', 'Redirects are not followed'),
  ),
  '304': both(status(304), once('HTTP', 'answered 304', { withEtag: 'not modified' })),
  '400': both(status(400), once('HTTP', 'answered 400', { withEtag: 'again' })),
  '401': both(status(401), once('AUTH', 'answered 401')),
  '403': both(status(403), once('FORBIDDEN', 'answered 403')),
  '404': both(status(404), once('NOT_FOUND', 'answered 404')),
  '407': both(status(407), once('HTTP', 'answered 407')),
  '408': both(status(408), again('HTTP', 'answered 408')),
  '422': both(status(422), once('HTTP', 'answered 422', { withEtag: 'again' })),
  '425': both(status(425), again('HTTP', 'answered 425')),
  '429': both(status(429), again('RATE_LIMITED', 'answered 429')),
  '429 for 10 s': both(status(429, 10), again('RATE_LIMITED', 'answered 429', { retryAfter: 10 })),
  '429 for 2 h': both(status(429, 7200), once('RATE_LIMITED', 'allows no request before', { retryAfter: 7200 })),
  '500': both(status(500), again('HTTP', 'answered 500')),
  '503': both(status(503), again('HTTP', 'answered 503')),
  '503 for 10 s': both(status(503, 10), again('HTTP', 'answered 503', { retryAfter: 10 })),

  // A broken connection: five times.
  'closed without an answer': both({ kind: 'hangUp' }, again('NETWORK', 'closed the connection without an answer')),
  'reset without an answer': both({ kind: 'reset' }, again('NETWORK', 'closed before the answer was whole')),
  'closed in the head': both(raw('HTTP/1.1 200 O'), again('NETWORK', 'closed')),
  'closed after the head': both(
    { kind: 'cutOff', afterBytes: 0 },
    broken('NETWORK', 'closed before the answer was whole'),
  ),
  'closed in the body': both(
    { kind: 'cutOff', afterBytes: 30 },
    broken('NETWORK', 'closed before the answer was whole'),
  ),
  'gzip that ends early': both(gzipped(zipped.slice(0, -4)), broken('NETWORK', 'closed before the answer was whole')),

  // An answer against the rules of HTTP, or damaged compression: once.
  'another protocol': both(raw('SSH-2.0-OpenSSH_9.6\r\n'), once('NETWORK', 'is not HTTP/1.1')),
  'a huge header': both(headers('x-large', 'y'.repeat(40_000)), once('NETWORK', 'headers of the answer are larger')),
  'two lengths': both(
    raw(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`),
    once('NETWORK', 'breaks the rules of HTTP'),
  ),
  // In the packet of the head. There, Node says only that the connection was closed; later, it names the rule.
  'a bad chunk': both(
    raw(`${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n`),
    again('NETWORK', 'closed before the answer was whole'),
  ),
  'damaged gzip': both(gzipped('no gzip at all'), once('NETWORK', 'compressed answer is damaged')),
  brotli: both(headers('content-encoding', 'br'), once('HTTP', 'compressed in a way that was not asked for')),

  // No answer, or a slow one: five times; a body that arrives too slowly: once.
  'no answer': both({ kind: 'delay', seconds: FOREVER }, again('TIMEOUT', 'got no answer in time'), { waits: 'head' }),
  'a head that never ends': both(
    { kind: 'drip', seconds: DRIP, part: 'head' },
    again('TIMEOUT', 'got no answer in time'),
    { waits: 'head' },
  ),
  '101': both(
    raw('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'),
    again('TIMEOUT', 'got no answer in time'),
    { waits: 'head' },
  ),
  'no body': both({ kind: 'stall', afterBytes: 0 }, broken('TIMEOUT', 'sent nothing for'), { waits: 'body' }),
  'a body that stops': both({ kind: 'stall', afterBytes: 30 }, broken('TIMEOUT', 'sent nothing for'), {
    waits: 'body',
  }),
  'a body shorter than it says': both(headers('content-length', '1000000'), broken('TIMEOUT', 'sent nothing for'), {
    waits: 'body',
  }),
  'a body byte by byte': both({ kind: 'drip', seconds: DRIP, part: 'body' }, once('TIMEOUT', 'sent only'), {
    waits: 'slow',
  }),

  // Another body, whole as HTTP: once.
  'a page': bodies({ kind: 'html' }, once('NOT_JSON', 'is not JSON'), once('NOT_JSON', 'looks like HTML')),
  'an empty body': bodies({ kind: 'empty' }, once('NOT_JSON', 'is not JSON'), once('TRUNCATED', 'ends early')),
  'half a body': bodies(
    { kind: 'truncated', afterBytes: 30 },
    once('NOT_JSON', 'is not JSON'),
    once('TRUNCATED', 'ends early'),
  ),
  'an object': bodies({ kind: 'object' }, once('HTTP', 'has no access_token'), once('NOT_JSON', 'a single object')),
  'an error with status 200': bodies(
    body('{"error":{"message":"no"}}'),
    once('HTTP', 'has no access_token'),
    once('NOT_JSON', 'a single object'),
  ),
  null: bodies(body('null'), once('HTTP', 'has no access_token'), once('NOT_JSON', "begins with 'n'")),
  'a token with a line break': bodies(
    body('{"access_token":"a\\nb"}'),
    once('HTTP', 'has no access_token'),
    once('NOT_JSON', 'a single object'),
  ),
  'a worthless token': bodies(
    body('{"access_token":"worthless","expires_in":9999}'),
    fine({ token: 'worthless' }),
    once('NOT_JSON', 'a single object'),
  ),
  'a token without an expiry': forTokens({ kind: 'noExpiry' }, fine({ token: 'not cached' })),

  // The right answer, all the same.
  'a late answer': both({ kind: 'delay', seconds: 0.001 }, fine()),
  '103 before the answer': both({ kind: 'earlyHints' }, fine()),
  'another content type': both(headers('content-type', 'text/html'), fine()),
  'no etag': forCases({ kind: 'noEtag' }, fine()),

  // Items of the list of cases.
  'an item that is not JSON': forCases(
    { kind: 'brokenJson' },
    partial('UNREADABLE_ITEM', 1, 0, 'no other case is missing'),
  ),
  'an item without an id': forCases(items('missingId'), partial('UNREADABLE_ITEM', 1, 1, 'none was marked missing')),
  'a conflicting event': forCases(items('conflictingEvent'), partial(null, 1)),
  'a conflicting case': forCases(items('conflictingCase'), partial(null, 1)),
  'all cases gone': forCases(items('vanished', 'all'), {
    ...partial('MASS_DISAPPEARANCE', 0, 3, 'none was marked missing'),
  }),
  'a case gone': forCases(items('vanished'), fine({ missing: 1 })),
  'a field of another type': forCases(items('wrongType'), fine({ hasProblems: true })),
  'an unknown status': forCases(items('unknownStatus'), fine({ isOther: true })),
  'other orders of keys': forCases(items('reorderedKeys'), fine()),
} satisfies Record<string, Rule>;

export type FaultName = keyof typeof RULES;
