import type { FastifyReply } from 'fastify';
import { shortTime } from '../model/time-text.ts';
import { awayError, type PageError } from './errors.ts';
import type { Asked } from './parts.ts';
import { sendAgain, sendError } from './send.ts';

/** Sends the last known page while the database is away; without one, and for other errors, the error and its remedy. */
export function sendFailure(
  reply: FastifyReply,
  meaning: PageError,
  { url, viewer, parts }: Pick<Asked, 'url' | 'viewer' | 'parts'>,
): void {
  const { timezone, files, lastKnown, outageSince } = parts;
  const frame = { url, files: files.addresses, shown: null, viewer: viewer.name };
  if (meaning.kind === 'forbidden') lastKnown.forget(viewer);
  if (meaning.kind !== 'away') {
    sendError(reply, meaning, frame);
    return;
  }
  const noted = lastKnown.noteOutage();
  const since = outageSince?.() ?? noted;
  const last = lastKnown.find(viewer, url, since);
  if (last === null) sendError(reply, awayError(shortTime(since, { now: new Date(), timezone })), frame);
  else sendAgain(reply, last, 503);
}
