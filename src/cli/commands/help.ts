import type { Command } from 'commander';

/** The end of a verb's help. */
export type Help = {
  /** `[does, arguments]`: a comment of at most 76 characters, and the arguments after `cdd-sync`. */
  examples: readonly (readonly [does: string, parts: string])[];
  /** Meanings of exit codes besides 0 and 2. */
  exits?: { 1?: string; 3?: string };
  /** The meaning of 0, if it is another than that the verb is done. */
  done?: string;
};

/** Adds examples and exit codes to the verb's `--help`. */
export function addHelp(command: Command, { examples, exits = {}, done = 'done' }: Help): Command {
  const codes = { 0: done, ...exits, 2: 'wrong usage or configuration' };
  return command.addHelpText(
    'after',
    [
      '',
      'Examples:',
      ...examples.flatMap(([does, parts]) => [`  # ${does}`, `  cdd-sync ${parts}`]),
      '',
      'Exit codes:',
      ...Object.entries(codes).map(([code, meaning]) => `  ${code}  ${meaning}`),
    ].join('\n'),
  );
}
