import { SyncError } from './sync-error.ts';
import { systemErrorCode } from './system-error.ts';

/** stdout cannot be written. */
export class OutputError extends SyncError {
  constructor(message: string) {
    super('CANCELLED', message);
  }
}

/** The reader of the output has ended, as `head` does when it has its lines. */
export class ClosedOutputError extends OutputError {
  constructor() {
    super('Stopped: nobody reads the output.');
  }
}

/** The error of a failed write to stdout. */
export function outputError(cause: unknown): OutputError {
  const code = systemErrorCode(cause);
  // EOF: a closed pipe on Windows.
  if (code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED') return new ClosedOutputError();
  const reason = code === 'ENOSPC' ? 'the disk is full; make room there' : String(code ?? cause);
  return new OutputError(`Stopped: the output could not be written: ${reason}.`);
}
