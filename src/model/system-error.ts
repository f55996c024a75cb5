/**
 * The code of an error from the operating system, Node or Postgres, such as ENOENT or 28P01; undefined if it has none.
 */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
