// Meaning of errors of Postgres and of the connection to it, with advice.

/** Meaning and advice in plain words, and whether another try can help. */
type Advice = [words: string, retryable: boolean];

const migrateAdvice =
  'tables or functions are not those of this version; were they changed by hand? If not, run cdd-sync migrate';
/** `migrate` does not create the tables of pg-boss; "start" does. */
const queueAdvice =
  'tables of the queue are missing or were changed by hand; a restart of the worker creates missing ones';
const programAdvice = 'a statement of cdd-sync does not fit the database; please report it with this message';

/** By code, else by class (the first two characters of a SQLSTATE). */
const advice: Record<string, Advice> = {
  ECONNREFUSED: ['nothing answers there; is it running? If DATABASE_URL is set, check its host and port', true],
  ENOTFOUND: ['its host is not to be found; does DATABASE_URL name the right one?', true],
  EAI_AGAIN: ['its host is not to be found at the moment; does name resolution work?', true],
  ETIMEDOUT: ['it did not answer in time; is a firewall in between?', true],
  ENOENT: [
    'there is no socket in that folder; is Postgres running, and does DATABASE_URL name the right folder?',
    true,
  ],
  EACCES: ['the user of this process may not use its socket; check the rights of the folder', false],
  ECONNRESET: ['the connection was closed in the middle', true],
  '08': ['the connection failed or broke off', true],
  '0A': ['it cannot do this; cdd-sync needs Postgres 15 or newer', false],
  '22': ['it refused a value', false],
  '22021': ['it cannot store a character; does its encoding differ from UTF8?', false],
  '22P05': ['it cannot store a character; does its encoding differ from UTF8?', false],
  '23': ['a row breaks a rule of its table; were rows changed by hand?', false],
  '25': ['the state of the transaction does not allow this statement', false],
  '25006': [
    'it is read-only; DATABASE_URL must name the primary, not a replica, and default_transaction_read_only be off',
    true,
  ],
  '25P03': ['it ended an idle transaction; was the machine of cdd-sync asleep or overloaded?', true],
  '26': ['a pooler in between has lost the state of the session', true],
  '28': ['it refused the user of DATABASE_URL, or takes encrypted connections only (sslmode=require)', false],
  '28P01': ['it refused the user or password of DATABASE_URL; correct them, and restart a worker that runs', false],
  '2B': ['other objects depend on it; drop or change them first', false],
  '3D000': ['there is no such database; create it, or correct DATABASE_URL', false],
  '3F': [migrateAdvice, false],
  '40': ['two transactions were in each other’s way', true],
  '42': [programAdvice, false],
  '42501': [
    'the user of DATABASE_URL lacks a right; cdd-sync check prints the statements with which an administrator grants it (docs/operating.md, section "Rights")',
    false,
  ],
  '42703': [migrateAdvice, false],
  '42883': [migrateAdvice, false],
  '42P01': [migrateAdvice, false],
  '53': ['it lacks a resource; its log says more', true],
  '53100': ['its disk is full; make room there', true],
  '53300': ['it has no connection left; raise max_connections, or lower concurrency in the configuration', true],
  '54': ['a limit of Postgres is reached', false],
  '55': ['an object is not in the state that the statement needs', false],
  '55P03': ['somebody else held a lock for too long; pg_stat_activity shows who', true],
  '57': ['it ended the session, or does not take one now', true],
  '57014': ['it cancelled a statement; statement_timeout of the role or the server may be too short', true],
  '58': ['the system that it runs on failed; its log says more', true],
  P0: ['a function or trigger raised an error; the log of the server has its text, which may contain values', false],
  XX: ['an error inside Postgres; its log says more. If data is damaged, restore a backup', false],
};

/** With these codes, the advice says all that the message says. */
const COMPLETE = /^(28P01|3D000|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|ETIMEDOUT|P0...)$/;

/** By the message: the limit of connections that was reached (53300). */
const connectionLimits: [message: RegExp, words: string][] = [
  [/\bmax_client_conn\b/, 'raise max_client_conn of the pooler, or lower concurrency in the configuration'],
  [/\bfor role\b/, 'the limit of the role is reached; raise it: alter role … connection limit …'],
  [/\bfor database\b/, 'the limit of the database is reached; raise it: alter database … connection limit …'],
];

/** By the message: a refusal of PgBouncer (08P01), and whether another try can help. */
const poolerAdvice: [message: RegExp, advice: Advice][] = [
  [
    /unsupported startup parameter/,
    ['the pooler refuses it: remove it from DATABASE_URL, or add it to ignore_startup_parameters of PgBouncer', false],
  ],
  [/query_wait_timeout/, ['the pooler had no free connection to Postgres: raise its pool_size', true]],
];

/** Classes with messages that contain names of tables, columns and settings, and never a value. */
const HARMLESS = /^(08|0A|21|23|25|26|2B|3F|40|42|53|54|55|57|58|TLS)/;

/** Advice for a failed encrypted connection, by the message of Node or the driver. */
const tlsAdvice: [message: RegExp, words: string][] = [
  [/does not support SSL/, 'to connect without encryption, write sslmode=disable into DATABASE_URL'],
  [
    /has expired|not yet valid/,
    "compare the clock of this machine with the time; otherwise renew the server's certificate",
  ],
  [
    /altnames/,
    'DATABASE_URL must name the host as the certificate does, or with sslmode=no-verify any certificate is taken',
  ],
  [
    /./,
    'for a certificate of a private authority add sslrootcert=/path/to/ca.pem, to encrypt without checking the server add sslmode=no-verify to DATABASE_URL',
  ],
];

/**
 * The message of an error with its code and advice, without values, user names and secrets; and whether another try
 * can help. `code` is a SQLSTATE, the name of a network error, TLS, or null.
 */
export function explain({ code, message }: { code: string | null; message: string }): Advice {
  const said = withoutValues(code ?? '', message);
  const suffix = code === null ? '' : ` (${code})`;
  if (code === 'TLS') {
    const words = tlsAdvice.find(([pattern]) => pattern.test(message))?.[1];
    return [`the encrypted connection failed: ${said}; ${words}${suffix}`, false];
  }
  const limit = code === '53300' ? connectionLimits.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  if (limit !== undefined) return [`${said}${suffix}; ${limit}`, true];
  const refusal = code === '08P01' ? poolerAdvice.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  const [words, retryable] =
    refusal ?? advice[code ?? ''] ?? advice[code?.slice(0, 2) ?? ''] ?? unknownAdvice(code, message);
  if (words === migrateAdvice && /\bpgboss\./.test(said)) return [`${said}${suffix}; ${queueAdvice}`, retryable];
  const isComplete = said === '' || COMPLETE.test(code ?? '');
  return [isComplete ? words + suffix : `${said}${suffix}; ${words}`, retryable];
}

function unknownAdvice(code: string | null, message: string): Advice {
  // Network errors such as EHOSTUNREACH. Errors of pg without a code: the connection ended, or the pool had none free
  // in time.
  const isBroken = code === null ? /connect|timeout/i.test(message) : /^E[A-Z]+$/.test(code);
  if (isBroken && /timeout/i.test(message)) {
    return [
      'it did not answer in time, or all connections were in use; is it overloaded, or a firewall in between?',
      true,
    ];
  }
  if (isBroken) return ['the connection failed or broke off', true];
  return ['the log of the server may say more', false];
}

/**
 * Postgres quotes values, in the quotation marks of its language. A value may contain marks: all up to the last goes.
 */
const QUOTED = /(["«»„“”‘`]|(?<!\p{L})').*["«»“”’'`]/su;
const MAX_LENGTH = 300;

function withoutValues(code: string, message: string): string {
  const safe = HARMLESS.test(code)
    ? message.replace(/ (user|role) "[^"]*"/g, ' $1')
    : message.replace(QUOTED, '"…"').replace(/\b0x[0-9a-f]{2}\b( 0x[0-9a-f]{2}\b)*/g, '…');
  return safe.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, MAX_LENGTH);
}
