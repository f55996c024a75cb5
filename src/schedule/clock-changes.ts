const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

/** The first instant after `from`, up to `until`, at which the clocks are changed. */
export function nextChange(offsetAt: (instant: number) => number, from: number, until: number): number | null {
  for (let low = from; low < until; low += DAY) {
    let high = Math.min(low + DAY, until);
    const offset = offsetAt(low);
    if (offsetAt(high) === offset) continue;
    let before = low;
    while (high - before > 1) {
      const middle = Math.floor((before + high) / 2);
      if (offsetAt(middle) === offset) before = middle;
      else high = middle;
    }
    return high;
  }
  return null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone's offset from UTC at an instant, in milliseconds. */
export function offsetsOf(timezone: string): (instant: number) => number {
  const format = formats.get(timezone) ?? localTimeFormat(timezone);
  formats.set(timezone, format);
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / SECOND) * SECOND;
  };
}

function localTimeFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
