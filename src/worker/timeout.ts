/**
 * Resolves with the result of `work`, or rejects after `ms` milliseconds. The work itself is not cancelled; its late
 * result or error is ignored.
 */
export async function withTimeout<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`took longer than ${ms} ms`)), ms);
  try {
    return await Promise.race([work(), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
