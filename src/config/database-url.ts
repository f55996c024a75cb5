// DATABASE_URL, as people copy it from other programs. No message repeats a part of it: a password may stand anywhere.
import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../model/system-error.ts';
import { wrappingHint } from './must-be.ts';

const FORM = 'postgres://user:password@host:5432/database';
const ENCODE = 'write special characters of user and password as %xx: # as %23, / as %2F, ? as %3F, @ as %40, % as %25';
const SEVERAL_HOSTS = 'names several hosts; name one: the primary, or a proxy in front of them';
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const FILES = ['sslcert', 'sslkey', 'sslrootcert'];
/** A certificate or a key in PEM: the driver ignores any other content of the file. */
const PEM = /-----BEGIN [A-Z ]*(CERTIFICATE|PRIVATE KEY)-----/;

/** Other programs' forms, and the way from there. */
const FOREIGN: [form: RegExp, message: string][] = [
  [/^jdbc:/i, `is a JDBC address; it must be ${FORM}, with user and password in front of the host`],
  [/^prisma(\+postgres)?:/i, `is an address of Prisma's proxy; it must be the direct one, ${FORM}`],
  [/^postgres(ql)?\+\w+:/i, 'names a driver of Python; leave out the + and the driver'],
  [/^(ecto|postgis|cockroachdb|psql|pgsql|pg):/i, `must begin with postgres:// or postgresql://, as in ${FORM}`],
  [/^\s*\w+\s*=/, `is in the form of key=value; it must be a URL, ${FORM}`],
  [/^(unix|socket):|^\//i, 'names a socket; it must be postgres:///database?host=/folder/of/the/socket'],
  [/\$\{\w+\}/, `contains \${NAME}, which is not replaced here; write the value, with special characters as %xx`],
  [/^psql\s/, `is a command; it must be only the URL in it, ${FORM}`],
];

/** Parameters that the driver does not know or that our connections override, and the way to the same end. */
const USELESS: Record<string, string> = {
  schema: 'the schemas are always cdd, reporting and pgboss',
  connection_limit: 'concurrency in the configuration sets the number of connections',
  pool_timeout: 'a statement waits up to 30 s for a connection',
  connect_timeout: 'a connection may take up to 30 s',
  socket_timeout: 'a statement may take up to ten minutes',
  statement_timeout: 'a statement may take up to ten minutes',
  pgbouncer: 'poolers in transaction mode work without it',
  statement_cache_size: 'poolers in transaction mode work without it',
  sslaccept: 'sslmode=verify-full checks the server, sslmode=no-verify does not',
  sslidentity: 'give a client certificate with sslcert and sslkey, as PEM files',
  sslpassword: 'give a key without a password in sslkey',
  target_session_attrs: 'the URL must name the primary',
  dbname: 'the name of the database stands behind the last /',
};
const USEFUL = ['host', 'port', 'user', 'password', 'ssl', 'sslmode', 'sslnegotiation', 'uselibpqcompat', 'options'];
const ALSO_USEFUL = ['application_name', 'fallback_application_name', 'client_encoding', ...FILES];

/** The mistake in a connection string and its correction; null if there is none. */
export function databaseUrlProblem(url: string): string | null {
  const wrapping = wrappingHint(url);
  if (wrapping !== '') return `cannot be read: ${wrapping}`;
  const foreign = FOREIGN.find(([form]) => form.test(url));
  if (foreign !== undefined) return foreign[1];
  if (!/^postgres(ql)?:\/\/./i.test(url)) return `must be a Postgres URL such as ${FORM}; ${ENCODE}`;
  return authorityProblem(url) ?? parameterProblem(new URL(url).searchParams);
}

/** Advice about parameters of the URL that have no effect. */
export function databaseUrlWarnings(url: string): string[] {
  const known = new Set([...USEFUL, ...ALSO_USEFUL]);
  const names = new Set([...new URL(url).searchParams.keys()].filter((name) => !known.has(name)));
  return [...names].map((name) => {
    const reason = Object.hasOwn(USELESS, name) ? `: ${USELESS[name]}` : '';
    return `DATABASE_URL: its parameter ${name} has no effect${reason}; remove it`;
  });
}

/** User, password, host and port end at the first `/`, `?` or `#`: one in the password cuts them short. */
function authorityProblem(url: string): string | null {
  const rest = url.slice(url.indexOf('//') + 2);
  const [authority = ''] = rest.split(/[/?#]/, 1);
  const [path = ''] = rest.slice(authority.length).split('?', 1);
  const isCut = rest.includes('@') && /^[^@[]*:[^@]*[^@\d][^@]*$/.test(authority);
  if (isCut || path.includes('@') || rest.includes('#') || /\s/.test(rest)) {
    return `has a character that must be written as %xx (a space is %20); ${ENCODE}`;
  }
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.includes(',')) return SEVERAL_HOSTS;
  if (authority !== '' && /^(:\d*)?$/.test(host)) {
    return 'names no host behind the @; write localhost, or ?host=/folder/of/the/socket';
  }
  if (!URL.canParse(url)) return `must be a Postgres URL such as ${FORM}; is the port a number? Else ${ENCODE}`;
  const { username, password, pathname } = new URL(url);
  // The driver itself encodes a % that is not followed by two hexadecimal digits.
  if (/%(?![0-9a-f]{2})/i.test(url)) return null;
  return [username, password, pathname].every(isDecodable) ? null : `has a % that begins no %xx; ${ENCODE}`;
}

function parameterProblem(parameters: URLSearchParams): string | null {
  if (parameters.get('host')?.includes(',')) return SEVERAL_HOSTS;
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) {
    return `has an unknown sslmode; it must be one of ${SSL_MODES.join(', ')}`;
  }
  if (parameters.get('sslrootcert') === 'system') {
    return 'has sslrootcert=system; leave it out, the authorities that Node.js knows are used then';
  }
  if (parameters.get('uselibpqcompat') === 'true' && mode === 'verify-ca' && !parameters.has('sslrootcert')) {
    return 'has sslmode=verify-ca without sslrootcert=/path/to/ca.pem';
  }
  return FILES.map((name) => fileProblem(name, parameters.get(name))).find((problem) => problem !== null) ?? null;
}

function fileProblem(name: string, path: string | null): string | null {
  if (path === null || path === '') return null;
  try {
    return PEM.test(readFileSync(path, 'latin1')) ? null : `names a file in ${name} that is not in PEM format`;
  } catch (error) {
    return `names a file in ${name} that the user of this process cannot read (${systemErrorCode(error)})`;
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
