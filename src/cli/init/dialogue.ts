import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import askInput from '@inquirer/input';
import askPassword from '@inquirer/password';
import askSelect from '@inquirer/select';
import { visibleText } from '../../model/visible-text.ts';
import { fitProse } from '../terminal/wrap.ts';

/** The user has stopped the dialogue: Ctrl-C, Ctrl-D, a closed terminal, a signal. */
export class StoppedError extends Error {}

/** Returns the correction of a wrong answer, or null. */
type Check = (answer: string) => string | null;

type Question = { message: string; check: Check; proposal?: string; show?: (text: string) => string };

type Choice<Value> = { value: Value; name: string };

const CTRL_C = '\u0003';
/** A prompt that has an answer settles within this time after it has closed its input. */
const SETTLE_MS = 100;

/** Questions to a person at the terminal. Every method throws a StoppedError when the person stops. */
export class Dialogue {
  readonly #signal: AbortSignal;
  readonly #input = process.stdin;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Prints lines, wrapped between words. A line that begins with a space is a command, to be copied whole. */
  say(...lines: string[]): void {
    for (const line of lines) process.stdout.write(`${visibleText(fitProse(line, this.#width))}\n`);
  }

  /** A text without spaces and line breaks around it, which copied text often has. */
  async ask({ message, check, proposal, show }: Question): Promise<string> {
    const validate = this.#validator(check);
    const answer = await this.#untilStopped(
      askInput(
        {
          message,
          validate,
          ...(proposal !== undefined && { default: proposal }),
          ...(show !== undefined && { transformer: show }),
        },
        this.#context,
      ),
    );
    return answer.trim();
  }

  /** As `ask`, with a star for each character. */
  async askSecret({ message, check }: Pick<Question, 'message' | 'check'>): Promise<string> {
    const validate = this.#validator(check);
    const question = { message, validate, mask: '*', toggleMask: false };
    return (await this.#untilStopped(askPassword(question, this.#context))).trim();
  }

  async choose<Value>(message: string, choices: readonly Choice<Value>[]): Promise<Value> {
    return this.#untilStopped(askSelect<Value>({ message, choices, loop: false }, this.#context));
  }

  /**
   * Does some work that Ctrl-C ends. Meanwhile the terminal echoes nothing: a secret that is typed or pasted too early
   * must not be seen.
   */
  async wait<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const onData = (data: Buffer) => {
      if (data.toString('latin1').includes(CTRL_C)) stop.abort();
    };
    this.#input.setRawMode(true).on('data', onData).resume();
    try {
      const result = await work(signal);
      if (signal.aborted) throw new StoppedError();
      return result;
    } catch (error) {
      throw signal.aborted ? new StoppedError() : error;
    } finally {
      this.#input.off('data', onData).pause().setRawMode(false);
    }
  }

  /** The prompts break lines in mid-word, so corrections come to them with line breaks. */
  #validator(check: Check): (answer: string) => true | string {
    return (answer) => {
      const correction = check(answer.trim());
      return correction === null || fitProse(correction, this.#width);
    };
  }

  get #width(): number {
    // The prompts put "> " in front of a correction.
    return process.stdout.columns - 2;
  }

  get #context() {
    return { input: this.#input, output: process.stdout, signal: this.#signal };
  }

  async #untilStopped<Answer>(prompt: Promise<Answer>): Promise<Answer> {
    // After Ctrl-D or the end of the terminal a prompt stays open for ever; only its input closes, which pauses.
    let onPause = (): void => {};
    const closed = new Promise<never>((_, reject) => {
      onPause = () => void delay(SETTLE_MS).then(() => reject(new StoppedError()));
    });
    this.#input.once('pause', onPause);
    try {
      return await Promise.race([prompt, closed]);
    } catch (error) {
      throw isStop(error) ? new StoppedError() : error;
    } finally {
      this.#input.off('pause', onPause);
    }
  }
}

/** Errors of the prompts at Ctrl-C and at an aborted signal. */
function isStop(error: unknown): boolean {
  return error instanceof Error && /^(ExitPromptError|AbortPromptError)$/.test(error.name);
}
