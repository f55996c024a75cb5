import type { FastifyInstance } from 'fastify';
import type { Gate } from '../access/gate.ts';
import { STATIC_CACHE } from '../access/headers.ts';
import { sendRefusal, urlOf } from '../access/sign-in.ts';
import type { StaticFiles } from './files.ts';

/** Serves the static files. They need no token, because the sign-in form uses them too. */
export function addStaticFiles(scope: FastifyInstance, gate: Gate, { files }: StaticFiles): void {
  scope.get('/static/:hash/:name', async (request, reply) => {
    const decision = gate.hasViewers ? null : await gate.decide(request);
    if (decision?.kind === 'refused') return sendRefusal(reply, decision);
    const file = files.get(urlOf(request).pathname);
    if (file === undefined) return reply.callNotFound();
    const isGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (isGzip) reply.header('content-encoding', 'gzip');
    return reply
      .headers({ 'cache-control': STATIC_CACHE, vary: 'accept-encoding' })
      .type(file.type)
      .send(isGzip ? file.gzipped : file.content);
  });
}
