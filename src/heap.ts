import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap where new objects live at its first size. It would grow with the first lists, and hold on
 * to 130 MB of chunks and documents that nobody needs any more; collecting it more often costs no time that was
 * measured. Here and not as `--max-semi-space-size`, which only the command line takes, because there are many ways to
 * start this program. docs/decisions.md, 40.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
