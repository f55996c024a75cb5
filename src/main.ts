import './runtime.js';
import process from 'node:process';
import { incompleteText } from './model/installation.ts';
import { ClosedOutputError, outputError } from './model/output-error.ts';
import { SyncError } from './model/sync-error.ts';

// Dynamic, because `import … from` would load the program before runtime.js sets V8's flags.
const { runProgram } = await import('./cli/program.ts').catch(endWithoutProgram);
const { visible } = await import('./cli/terminal/style.ts');

const FAILED = 1;
/** Time for runs to break off cleanly. After it the process ends anyway, and their rows become abandoned. */
const GRACE_MS = 9_000;
/**
 * A second signal within this time is the same Ctrl-C: a terminal sends it to all processes, and `node --watch` again.
 */
const REPEATED_MS = 500;

const stopping = new AbortController();
let stoppingSince = 0;
// SIGHUP: the terminal was closed. Without a listener, an embedded Postgres would be left running.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) {
      if (performance.now() - stoppingSince > REPEATED_MS) process.exit(FAILED);
      return;
    }
    stoppingSince = performance.now();
    stopping.abort(new SyncError('CANCELLED', `Stopped by ${name}; what was saved stays, the next run completes it.`));
    setTimeout(() => process.exit(FAILED), GRACE_MS).unref();
  });
}
// The reader of the output has ended, for example `| head`, or its disk is full: stop in order.
process.stdout.on('error', (error) => {
  const reason = outputError(error);
  if (!(reason instanceof ClosedOutputError)) process.once('exit', () => reportLostOutput(reason));
  stopping.abort(reason);
});
// No-op: without a listener, a message to a closed terminal or pipe would end the process with another error.
process.stderr.on('error', () => {});

await runProgram({
  arguments: process.argv.slice(2),
  variables: process.env,
  cwd: workingFolder(),
  signal: stopping.signal,
  isTerminal: process.stderr.isTTY,
  writeOutput,
  terminal: process.stdout.isTTY ? process.stdout : null,
  print: (line) => writeLine(process.stdout, line),
  printError: (line) => writeLine(process.stderr, line),
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

/** A command that had done its work before its last lines could not be written does not know of it. */
function reportLostOutput({ message }: Error): void {
  if (process.exitCode) return;
  process.stderr.write(`${message}\n`);
  process.exitCode = FAILED;
}

function writeOutput(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(outputError(error)) : resolve()));
  });
}

/** A promise until the reader has taken the line, if it is slower than the writer; also when it has ended. */
function writeLine(stream: NodeJS.WriteStream, line: string): Promise<void> | undefined {
  const { promise, resolve } = Promise.withResolvers<void>();
  return stream.write(`${visible(line)}\n`, () => resolve()) ? undefined : promise;
}

function endWithoutProgram(error: unknown): never {
  const text = incompleteText(error);
  if (text === null) throw error;
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('The working folder does not exist any more; change to another one.\n');
    process.exit(2);
  }
}
