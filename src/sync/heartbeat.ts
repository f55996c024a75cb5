import { SyncError } from '../model/sync-error.ts';

/**
 * Calls `beat` regularly until `stop`. Aborts the signal `lost` when `beat` resolves to false: another worker has taken
 * over the run.
 */
export function startHeartbeat(everyMs: number, beat: () => Promise<boolean>): { lost: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let isBeating = false;
  const timer = setInterval(async () => {
    if (isBeating) return;
    isBeating = true;
    // If the database cannot be reached, the run goes on: its next batch fails with the same error and reports it.
    const isOurs = await beat().catch(() => true);
    isBeating = false;
    if (isOurs || controller.signal.aborted) return;
    controller.abort(
      new SyncError('ABANDONED', 'Another worker declared this run abandoned, because its heartbeat stood still.'),
    );
  }, everyMs);
  return { lost: controller.signal, stop: () => clearInterval(timer) };
}
