// First and last step of `npm pack`. First, because a file of an earlier version would get into the package; last, because a
// checkout runs its sources.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

await rm(join(import.meta.dirname, '../../dist'), { recursive: true, force: true });
