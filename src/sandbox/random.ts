// The only source of randomness in the sandbox, so that one seed always gives the same world.

/** The next number of a seeded sequence, from 0 up to but not including 1. */
export type Random = () => number;

/** A seeded sequence (mulberry32): small, fast, and the same on every machine. Not for secrets. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Hashes numbers to one seed, so that neighbours (case 1, case 2) get unrelated sequences. */
export function seedOf(...parts: number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** Hashes a text, an account's id for example, to a seed. */
export function seedOfText(text: string): number {
  return seedOf(...Buffer.from(text));
}

/** A whole number from `from` to `to`, both included. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** One of `choices`, all equally likely. The tuple type guarantees at least one. */
export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** One of `choices`, with probabilities in proportion to `weight`. */
export function pickWeighted<T extends { weight: number }>(random: Random, choices: readonly [T, ...T[]]): T {
  const total = choices.reduce((sum, choice) => sum + choice.weight, 0);
  let left = random() * total;
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return choices[0];
}

/** `length` hexadecimal digits; six at a time, because `toString(16)` is slow for larger numbers. */
export function hex(random: Random, length: number): string {
  let digits = '';
  while (digits.length < length) digits += (0x1000000 + Math.floor(random() * 0x1000000)).toString(16).slice(1);
  return digits.slice(0, length);
}

/** Splits a text into words. */
export function words(text: string): readonly [string, ...string[]] {
  const [head = '', ...rest] = text.split(' ');
  return [head, ...rest];
}
