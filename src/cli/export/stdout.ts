import { visibleText } from '../../model/visible-text.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Chunk } from './encoder.ts';
import type { Sink } from './file.ts';

/** stdout. A terminal obeys control characters, so it gets them escaped; a pipe or a file gets every byte. */
export function outputSink({ terminal, writeOutput }: Pick<ProcessContext, 'terminal' | 'writeOutput'>): Sink {
  const shown = (chunk: Chunk) => (typeof chunk === 'string' ? visibleText(chunk.replaceAll('\r\n', '\n')) : chunk);
  return {
    write: (chunk) => writeOutput(terminal === null ? chunk : shown(chunk)),
    keep: async () => false,
    discard: async () => {},
  };
}
