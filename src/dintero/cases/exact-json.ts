/** A decimal number without loss: `digits` × 10^`exponent`. A double has 53 bits, and jsonb keeps all digits. */
class ExactNumber {
  readonly digits: string;
  readonly exponent: number;

  constructor(digits: string, exponent: number) {
    this.digits = digits;
    this.exponent = exponent;
  }
}

/**
 * Parses valid JSON, with every number as an exact value: two values are deeply equal if jsonb would call them equal.
 * Several times slower than `JSON.parse`.
 */
export function parseExactly(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? exactNumber(context?.source ?? String(value)) : value;
  return JSON.parse(text, revive);
}

/** Whether a number that `parseExactly` returned has no fraction. */
export function isInteger(value: unknown): boolean {
  return value instanceof ExactNumber && value.exponent >= 0;
}

/** Equal for all spellings of a number: `1`, `1.0` and `10e-1`; `0` and `-0`. */
function exactNumber(source: string): ExactNumber {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source) ?? [];
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  if (start === digits.length) return new ExactNumber('0', 0);
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return new ExactNumber(sign + digits.slice(start, end), Number(exponent) - fraction.length + digits.length - end);
}
