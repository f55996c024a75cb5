import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Html, html, nothing } from '../html/html.ts';
import { page } from '../html/layout.ts';
import { address, pathOf } from '../html/link.ts';
import type { StaticAddresses } from '../static/files.ts';
import type { Gate } from './gate.ts';
import { isLoopbackHost } from './loopback.ts';
import { COOKIE, cookieOf, SESSION_SECONDS, sealSession } from './session.ts';

/** Room for a token and an address of these pages. */
const FORM_BYTES = 4_096;

type Parts = { gate: Gate; files: StaticAddresses };

/** Adds the sign-in form, signing in and signing out: the latter two are the only POST requests of the pages. */
export function addSignIn(scope: FastifyInstance, parts: Parts): void {
  scope.get('/sign-in', async (request, reply) => {
    const query = urlOf(request).searchParams;
    const to = ownAddress(query.get('to'));
    const decision = await parts.gate.decide(request);
    if (decision.kind === 'viewer') return reply.redirect(to, 303);
    if (decision.kind === 'refused') return sendRefusal(reply, decision);
    const problem = query.has('kept') && cookieOf(request.headers.cookie) === null ? COOKIE_REFUSED : null;
    return sendForm(reply, parts, { to, problem, status: 200 });
  });
  scope.post('/sign-in', { bodyLimit: FORM_BYTES }, (request, reply) => signIn(request, reply, parts));
  scope.post('/sign-out', { bodyLimit: FORM_BYTES }, async (request, reply) => {
    if (isFromElsewhere(request)) return sendRefusal(reply, ELSEWHERE);
    return reply.header('set-cookie', cookie(request, '', 0)).redirect('/sign-in', 303);
  });
}

/** Sends the form in place of a page. */
export function sendSignIn(request: FastifyRequest, reply: FastifyReply, files: StaticAddresses): FastifyReply {
  const url = urlOf(request);
  // After a link in a mail or on another site, browsers leave out a SameSite=Strict cookie. The form then loads the page
  // again: that request begins here, so the cookie comes with it.
  const again = request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] === 'navigate';
  const to = `${pathOf(url)}${url.search}`;
  if (again) void reply.header('refresh', `0; url=${to}`);
  return sendForm(reply, { files }, { to, problem: null, status: 401 });
}

/** Sends one plain sentence and no page. */
export function sendRefusal(reply: FastifyReply, { status, words }: { status: number; words: string }): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="cdd-sync pages"');
  if (status === 429) void reply.header('retry-after', '5');
  return reply.code(status).type('text/plain; charset=utf-8').send(`${words}\n`);
}

/** The requested address. Its host is a placeholder, because the Host header can be forged. */
export function urlOf({ url }: FastifyRequest): URL {
  return new URL(`http://pages.invalid/${url.replace(/^\/+/, '')}`);
}

const ELSEWHERE = { status: 403, words: 'This form was sent from another site.' };
const COOKIE_REFUSED =
  'Your browser kept no cookie. Over http it keeps one only on the machine of cdd-sync itself: open these pages by https.';

async function signIn(request: FastifyRequest, reply: FastifyReply, { gate, files }: Parts): Promise<FastifyReply> {
  if (!gate.hasViewers)
    return sendRefusal(reply, { status: 404, words: 'No viewers are configured, so there is nothing to sign in to.' });
  if (isFromElsewhere(request)) return sendRefusal(reply, ELSEWHERE);
  const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
  const to = ownAddress(form.get('to'));
  const found = await gate.check((form.get('token') ?? '').trim(), request);
  if (!('token' in found)) return sendForm(reply, { files }, { to, problem: found.words, status: found.status });
  return reply
    .header('set-cookie', cookie(request, sealSession(found, new Date()), SESSION_SECONDS))
    .redirect(address('/sign-in', { to, kept: 1 }), 303);
}

type Form = { to: string; problem: string | null; status: number };

function sendForm(reply: FastifyReply, { files }: Pick<Parts, 'files'>, { to, problem, status }: Form): FastifyReply {
  const frame = { title: 'Sign in', url: new URL('http://pages.invalid/sign-in'), files, shown: null, viewer: null };
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(page(frame, signInForm(to, problem)).text);
}

function signInForm(to: string, problem: string | null): Html {
  return html`<h1>Sign in</h1>
<p>These pages are for the viewers that are named in cdd-sync's configuration. Ask its operator for a token.</p>
${problem === null ? nothing : html`<p class="notice look" role="alert">${problem}</p>`}
<form method="post" action="/sign-in" class="sign-in">
<input type="hidden" name="to" value="${to}">
<p><label for="token">Token</label><br><input id="token" name="token" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p>
</form>
`;
}

/**
 * Browsers send the site of the form; over http from other machines only its Origin. A proxy may leave out the port of the
 * Host, so names are compared. Other programs send neither, but cannot have the cookie of a reader.
 */
function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && URL.parse(headers.origin)?.hostname !== hostName(headers.host);
}

function hostName(host: string | undefined): string | undefined {
  return URL.parse(`http://${host ?? ''}`)?.hostname;
}

/** The address if it is one of these pages; else `/`, so that a forged link to the form cannot lead to another site. */
function ownAddress(to: string | null): string {
  const url = URL.parse(to ?? '/', 'http://pages.invalid');
  return url === null || url.host !== 'pages.invalid' ? '/' : `${pathOf(url)}${url.search}`;
}

/**
 * `Secure` unless the Host is loopback: over http, the network between could read the cookie. X-Forwarded-Proto is not
 * believed, because every client can send it.
 */
function cookie({ headers }: FastifyRequest, value: string, seconds: number): string {
  const secure = isLoopbackHost(headers.host) ? '' : '; Secure';
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}
