// Errors of PgBouncer. It gives all of its own one code, and passes on errors of the login without theirs.

/** PgBouncer's code. Postgres uses it for messages that break its protocol, which pg does not send. */
const POOLER_CODE = '08P01';

/** The codes of Postgres for the same causes. Other messages are of connections that a new try may replace. */
const causes: [message: RegExp, code: string][] = [
  [/no such user|(password|SASL|SCRAM|certificate|PAM|"trust") authentication failed|login rejected/, '28P01'],
  [/no such database|database ".*" does not exist/, '3D000'],
  [/permission denied for database/, '42501'],
  [/no more connections allowed|too many (clients|connections)/, '53300'],
];

/** The code of Postgres that stands for an error of a pooler; the given code for every other error. */
export function codeOfCause(code: string | null, message: string): string | null {
  if (code !== POOLER_CODE) return code;
  return causes.find(([pattern]) => pattern.test(message))?.[1] ?? code;
}
