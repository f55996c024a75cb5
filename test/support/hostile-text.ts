/** Texts that a terminal would obey, that look like another text, or that forge a line. */
export const HOSTILE_TEXTS: Record<string, string> = {
  'a terminal title': '\u001b]0;owned\u0007',
  'a cleared screen': '\u001b[2J\u001b[H',
  'a clipboard write': '\u001b]52;c;cm0gLXJm\u001b\\',
  'a control of eight bits': '\u009b31m',
  'a carriage return': 'ACTIVE\rDECLINED',
  'a forged line': 'ACTIVE\nP99999999 succeeded',
  backspaces: 'NO\b\bOK',
  'a delete': 'NO\u007f',
  'a line separator': 'A\u2028B',
  'a paragraph separator': 'A\u2029B',
  'a change of direction': 'A\u202eDENILCED',
  'an isolated direction': 'A\u2066B\u2069',
  'a zero-width space': 'ACT\u200bIVE',
  'a byte order mark': '\ufeffACTIVE',
  'a soft hyphen': 'ACT\u00adIVE',
  'a tag character': 'ACTIVE\u{e0041}',
  'a blank letter': 'ACTIVE\u3164',
};

/** Whether a terminal would show the text as it is; line feeds are allowed. */
export function isSafeToShow(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u.test(text.replaceAll('\n', ''));
}
