import { mustBe } from './must-be.ts';
import { filePath, secret, section, text } from './values.ts';

// The keys of server.viewers. Rules between keys are in viewer-tokens.ts.

/** A shorter token can be guessed. `openssl rand -hex 16` makes one of 32. */
const MIN_TOKEN = 16;
/** Postgres cuts longer names, and would use another role. */
const MAX_ROLE_BYTES = 63;

/** The problem of a token's length; empty = no problem. */
export function tokenProblem(token: string): string {
  return token.length >= MIN_TOKEN
    ? ''
    : `must have at least ${MIN_TOKEN} characters, so that nobody guesses it; make one with: openssl rand -hex 16`;
}

const token = secret
  .refine((value) => /^[\x21-\x7e]+$/.test(value), mustBe('letters, digits and signs of ASCII, without spaces'))
  .refine((value) => tokenProblem(value) === '', { error: ({ input }) => tokenProblem(String(input)) });

const nameRule = mustBe('a name of letters, digits, spaces, and . _ @ -, at most 60 characters');
// Not as a pattern of the JSON schema: editors do not know \p.
const name = text.refine((value) => /^[\p{L}\p{N}._@ -]{1,60}$/u.test(value), nameRule);

const roleRule = mustBe('the name of a database role, such as bi', roleHint);
const role = text.refine((value) => roleHint(value) === '', roleRule);

function roleHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  // `set role "none"` gives the rights of the worker itself.
  if (/^(none|public)$/i.test(input)) return 'Postgres reserves this name; create a role for the viewer';
  if (/^pg_/i.test(input)) return "Postgres' own roles are none of a viewer; create one, and use cdd-sync grant-reader";
  if (/\p{Cc}/u.test(input)) return 'it has a line break or another control character';
  return Buffer.byteLength(input) > MAX_ROLE_BYTES ? 'names of Postgres have at most 63 bytes' : '';
}

/** A viewer as it is written in the file. */
export const viewer = section({
  name: name.describe('Name of a person or group, shown on the pages.'),
  token: token.optional().describe(`Token to sign in with. Write \${NAME} and keep it in a variable.`),
  tokenFile: filePath
    .optional()
    .describe('File that contains the token, instead of token; relative to the folder of this file.'),
  role: role.describe('Database role whose grants (cdd-sync grant-reader) limit the pages.'),
});
