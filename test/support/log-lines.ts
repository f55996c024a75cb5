import pino from 'pino';
import { describeError, type Log } from '../../src/log.ts';

/** A log that keeps its lines. */
export function recordingLog(): { log: Log; lines: Record<string, unknown>[]; texts: () => string[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const log = pino({ level: 'trace', serializers: { err: describeError } }, { write });
  const name = (level: unknown) => pino.levels.labels[Number(level)];
  return {
    log,
    lines,
    /** The lines above debug, as `level text`. */
    texts: () => lines.filter(({ level }) => Number(level) > 20).map(({ level, msg }) => `${name(level)} ${msg}`),
  };
}
