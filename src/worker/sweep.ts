import type { Log } from '../log.ts';
import { outageKind } from '../store/postgres/outages.ts';

type SweepOptions = {
  intervalMs: number;
  log: Log;
  /** Logged when the work fails, and when it succeeds again. */
  texts: { failing: string; again: string };
  work: () => Promise<void>;
};

/**
 * Repeats some work, never twice at once. Returns a function that stops this. Failures are logged when they begin, when
 * their reason changes, and when they end: a line each time would hide others.
 */
export function startSweep({ intervalMs, log, texts, work }: SweepOptions): () => void {
  let isSweeping = false;
  let failure: string | null = null;
  const sweep = async (): Promise<void> => {
    if (isSweeping) return;
    isSweeping = true;
    try {
      await work();
      if (failure !== null) log.info(texts.again);
      failure = null;
    } catch (err) {
      // The watch of Postgres logs an outage, once for all parts of the worker.
      if (outageKind(err) !== null) return;
      const reason = err instanceof Error ? err.message : String(err);
      if (reason !== failure) log.warn({ err }, `${texts.failing}; tried again`);
      failure = reason;
    } finally {
      isSweeping = false;
    }
  };
  const timer = setInterval(sweep, intervalMs);
  return () => clearInterval(timer);
}
