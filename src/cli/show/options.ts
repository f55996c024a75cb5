import type { Output, ProcessContext } from '../process-context.ts';

export const SHOW_FORMATS = ['table', 'csv', 'ndjson', 'json'] as const;

export type ShowOptions = {
  format: (typeof SHOW_FORMATS)[number];
  account?: string[];
  where?: string[];
  columns?: string[];
  limit?: number;
};

export type ShowContext = Output & Pick<ProcessContext, 'signal' | 'printError' | 'terminal' | 'writeOutput'>;
