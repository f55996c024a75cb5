import { resolve } from 'node:path';
import type { Variables } from './substitution.ts';

/** The parts of a process that configuration is read from. */
export type ProcessContext = { env: Variables; cwd: string };

/** The file that the configuration is read from, which may not exist. */
export function configPath({ env, cwd }: ProcessContext): string {
  return resolve(cwd, env.CDD_SYNC_CONFIG || 'cdd-sync.yaml');
}
