/**
 * Lets go of the buffers that nobody holds any more. V8 does by itself when its room for new objects is full; but
 * receiving makes many bytes of few objects, and 30 MB of dead buffers lay about: docs/decisions.md, 53. Takes a
 * fraction of a millisecond, for it looks at new objects only. Without effect where the program was started without
 * `--expose-gc`.
 */
export function collectBuffers(): void {
  globalThis.gc?.({ type: 'minor' });
}
