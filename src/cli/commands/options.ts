import { type Command, InvalidArgumentError } from 'commander';

/** Parses a whole number from 0 to `max`. */
export function wholeNumber(max: number) {
  return (value: string): number => {
    if (/^\d+$/.test(value) && Number(value) <= max) return Number(value);
    throw new InvalidArgumentError(`Must be a whole number from 0 to ${max}.`);
  };
}

/** Parses a number that is not negative. */
export function number(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('Must be a number.');
  return Number(value);
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

const A_DAY_SECONDS = 86_400;

/** Parses the seconds between two looks: at least one, at most a day. */
export function secondsBetween(value: string): number {
  if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= A_DAY_SECONDS) return Number(value);
  throw new InvalidArgumentError(`Must be a whole number of seconds from 1 to ${A_DAY_SECONDS}.`);
}

/**
 * Makes all commands refuse an option that is given twice and takes one value: commander would do the work for the last
 * value, and pass over the first without a word.
 */
export function refuseRepeatedOptions(command: Command): void {
  for (const option of command.options) {
    const takesOneValue = (option.required || option.optional) && !option.variadic && option.parseArg === undefined;
    if (takesOneValue && option.defaultValue === undefined) option.argParser(onlyValue);
  }
  for (const subcommand of command.commands) refuseRepeatedOptions(subcommand);
}

function onlyValue(value: string, before: string | undefined): string {
  if (before === undefined) return value;
  throw new InvalidArgumentError(`It was given before, with '${before}'; it takes one value.`);
}
