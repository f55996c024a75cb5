import { SyncError } from './sync-error.ts';
import { systemErrorCode } from './system-error.ts';

/** The reader of the output has ended, as `head` does when it has its lines. */
export class ClosedOutputError extends SyncError {
  constructor() {
    super('CANCELLED', 'Stopped: nobody reads the output.');
  }
}

/** The error of a failed write to stdout. */
export function outputError(cause: unknown): SyncError {
  const code = systemErrorCode(cause);
  // EOF: a closed pipe on Windows.
  if (code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED') return new ClosedOutputError();
  const reason = code === 'ENOSPC' ? 'the disk is full; make room there' : String(code ?? cause);
  return new SyncError('CANCELLED', `Stopped: the output could not be written: ${reason}.`);
}
