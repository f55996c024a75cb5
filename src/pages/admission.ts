import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from './access/gate.ts';
import { sendRefusal, sendSignIn, urlOf } from './access/sign-in.ts';
import { missingPage } from './errors.ts';
import type { OpenFrame } from './html/layout.ts';
import { sendError } from './send.ts';
import type { StaticFiles } from './static/files.ts';
import type { Viewer } from './viewer.ts';

type Guard = { gate: Gate; files: StaticFiles };

/** The viewer of a request; null if a refusal or the sign-in form was sent instead. */
export async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { gate, files }: Guard,
): Promise<Viewer | null> {
  const decision = await gate.decide(request);
  if (decision.kind === 'viewer') return decision.viewer;
  if (decision.kind === 'refused') sendRefusal(reply, decision);
  else sendSignIn(request, reply, files.addresses);
  return null;
}

/** A 404: a page for a browser, the worker's JSON for programs. */
export async function answerUnknown(request: FastifyRequest, reply: FastifyReply, parts: Guard): Promise<FastifyReply> {
  if (!request.headers.accept?.includes('text/html')) {
    reply.callNotFound();
    return reply;
  }
  if ((await admit(request, reply, parts)) === null) return reply;
  sendError(reply, missingPage('There is no such page.'), emptyFrame(request, parts.files));
  return reply;
}

/** The frame of a page before anything was read. */
export function emptyFrame(request: FastifyRequest, { addresses }: StaticFiles): OpenFrame {
  return { url: urlOf(request), files: addresses, shown: null, viewer: null };
}
