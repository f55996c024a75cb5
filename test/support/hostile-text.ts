import naughtyStrings from 'big-list-of-naughty-strings/blns.json' with { type: 'json' };

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

/** Texts that other programs take for a formula, an array, a parameter, a comment, or the end of their input. */
const SYNTAX = String.raw`=HYPERLINK("https://example.com")
=cmd|' /C calc'!A0
+1+1
-1+1
@SUM(A1)
"=1"
{a,b}
{NULL}
{"a","b"}
(a,b)
NULL
\N
\.
\x00
\u0000
\ud800
$1
$$
%s
?
:name
a,b
a;b
"
""
a"b
a'b
--
/*
'; drop table cdd.cases; --`;

/** Texts whose characters are easily lost, changed or miscounted. */
const CHARACTERS = [
  ...['\t=1+1', '\r=1+1', 'a\tb', 'a\r\nb', ' a ', '\u00a0'],
  charactersFrom(0x01, 0x1f),
  charactersFrom(0x7f, 0x9f),
  charactersFrom(0x200b, 0x200f),
  charactersFrom(0x202a, 0x202e),
  charactersFrom(0xfdd0, 0xfdef),
  '\ufffe\uffff\u{10ffff}\ufffd',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{1f3fd}\ufe0f\u{1f1f3}\u{1f1f4}',
  ...['\u00e9', 'e\u0301', `e${'\u0301'.repeat(60)}`],
  '\u05d0\u0628\u200fABC',
  '\u{1f648}'.repeat(50),
  '0'.repeat(20_000),
  'long '.repeat(4000),
];

/** A public list of texts that broke other programs, and those above; each once. */
export const ALL_HOSTILE_TEXTS: readonly string[] = [
  ...new Set([...naughtyStrings, ...Object.values(HOSTILE_TEXTS), ...SYNTAX.split('\n'), ...CHARACTERS]),
];

/** Whether a terminal would show the text as it is; line feeds are allowed. */
export function isSafeToShow(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u.test(text.replaceAll('\n', ''));
}

function charactersFrom(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
