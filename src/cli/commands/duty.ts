import type { Command } from 'commander';
import type { ProcessContext } from '../process-context.ts';
import { addErase, addReduce } from './erase.ts';
import { addHolds } from './hold.ts';
import { addEvidence, addVerify } from './prove.ts';

/** Adds the commands about what must be kept, erased and proved. */
export function addDutyCommands(program: Command, context: ProcessContext): void {
  addHolds(program, context);
  addVerify(program, context);
  addErase(program, context);
  addEvidence(program, context);
  addReduce(program, context);
}
