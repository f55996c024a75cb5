/**
 * Parses JSON for comparisons. A number that a double cannot hold becomes a text with all its digits, the same for all its
 * spellings; other numbers stay numbers.
 */
export function parseForComparison(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number') return value;
    const exact = digitsOf(context?.source ?? '');
    return exact === digitsOf(String(value)) ? value : `number ${exact}`;
  });
}

/** All spellings of a number give the same text. */
function digitsOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction).toString();
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant} e ${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
