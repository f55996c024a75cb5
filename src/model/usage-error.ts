/** A command line that asks for what cannot be; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
