// A lower bound for reading lists the plain way: a token and a GET for each account, and one JSON.parse of each list.
import { get, type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

const [base = '', ...accounts] = process.argv.slice(2);
const total = { tokenMs: 0, getMs: 0, parseMs: 0, cases: 0 };
for (const account of accounts) {
  const begun = performance.now();
  await body(await token(account));
  const asked = performance.now();
  const answer = await list(account);
  const bytes = await body(answer);
  const got = performance.now();
  const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const cases: unknown = JSON.parse(text);
  total.tokenMs += asked - begun;
  total.getMs += got - asked;
  total.parseMs += performance.now() - got;
  total.cases += Array.isArray(cases) ? cases.length : 0;
}
process.stdout.write(JSON.stringify(total));

function token(account: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(`${base}/accounts/${account}/auth/token`, { method: 'POST' }, resolve).on('error', reject).end('{}');
  return promise;
}

function list(account: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(`${base}/accounts/${account}/management/settings/cdd/cases`, resolve).on('error', reject);
  return promise;
}

async function body(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks);
}
