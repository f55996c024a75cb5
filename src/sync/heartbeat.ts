import { SyncError } from '../model/sync-error.ts';

/** Beats while a run lives. `stopped` is aborted when a beat finds that the run is no longer ours. */
export function startHeart(everyMs: number, beat: () => Promise<boolean>): { stopped: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let beating = false;
  const timer = setInterval(async () => {
    if (beating) return;
    beating = true;
    // A beat that cannot reach the database is no reason to stop: the next batch meets the same trouble, and says so.
    const alive = await beat().catch(() => true);
    beating = false;
    if (alive || controller.signal.aborted) return;
    controller.abort(
      new SyncError('ABANDONED', 'Another worker declared this run abandoned, because its heartbeat stood still.'),
    );
  }, everyMs);
  return { stopped: controller.signal, stop: () => clearInterval(timer) };
}
