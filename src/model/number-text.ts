// Numbers as the pages show them, in English notation. Null is shown as a dash.

const NONE = '–';
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,204`. */
export function count(value: number | null): string {
  return value === null ? NONE : whole.format(value);
}

/** `1 case`, `6,044 cases`. */
export function casesText(cases: number): string {
  return cases === 1 ? '1 case' : `${count(cases)} cases`;
}

/** `75.6 %`; a dash if the whole is 0. */
export function percent(part: number | null, all: number | null): string {
  return part === null || all === null || all === 0 ? NONE : `${oneDigit.format((part / all) * 100)} %`;
}

/** A duration given in hours: `25 min`, `10.4 h`, `9.6 d`. Whole days from ten on. */
export function duration(hours: number | null): string {
  if (hours === null) return NONE;
  if (Math.abs(hours) < 1) return `${whole.format(hours * 60)} min`;
  if (Math.abs(hours) < 48) return `${oneDigit.format(hours)} h`;
  const days = hours / 24;
  return `${Math.abs(days) < 10 ? oneDigit.format(days) : whole.format(days)} d`;
}

/** `12.5 business hours`. They never become days: the configuration says how many hours a day has. */
export function businessHours(hours: number | null): string {
  return hours === null ? NONE : `${oneDigit.format(hours)} business hours`;
}

/** A difference with its sign: `+14`, `−3`; a dash for none. */
export function difference(value: number | null): string {
  if (value === null || value === 0) return NONE;
  return `${value > 0 ? '+' : '−'}${whole.format(Math.abs(value))}`;
}
