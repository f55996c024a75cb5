import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { widthOf } from '../../../src/cli/terminal/wrap.ts';
import { temporaryFolder } from '../../support/cli.ts';
import { isSafeToShow } from '../../support/hostile-text.ts';
import { startPtyCli } from '../../support/pty.ts';
import { Screen } from '../../support/screen.ts';
import { ODD_TEXTS } from '../../support/terminal-snapshots.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CLEAR_LINE = '\u0015';
const CTRL_C = '\u0003';
const COLOUR = new RegExp(`${'\u001b'}\\[3\\dm`);

/** An API that refuses the first client with a hostile text, and has an empty list for the second. */
async function startApi(): Promise<string> {
  let tokens = 0;
  const server = createServer((request, response) => {
    const isToken = request.method === 'POST';
    if (isToken) tokens += 1;
    const isRefused = isToken && tokens === 1;
    const refusal = { error: { message: `${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}` } };
    const answer = isRefused ? refusal : isToken ? { access_token: 'token', expires_in: 3600 } : [];
    response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}`;
}

const CONVERSATION = [
  ['What is to be read?', ENTER],
  ['Account id:', `p12345678${ENTER}`],
  ['the letter is a capital', `${CLEAR_LINE}P12345678${ENTER}`],
  ['Client id:', `a-client${ENTER}`],
  ['Client secret (hidden):', `wrong${ENTER}`],
  ['What next?', ENTER],
  ['Client id: (a-client)', ENTER],
  ['Client secret (hidden):', `right${ENTER}`],
  ['Where are the cases to be stored?', `${DOWN}${ENTER}`],
  ['Address:', `postgres://cdd@127.0.0.1:1/cdd${ENTER}`],
  ['Password (hidden):', ENTER],
  ['nothing answers there', ''],
  ['Where are the cases to be stored?', CTRL_C],
] as const;

test.each([
  { columns: 80, env: {} },
  { columns: 120, env: { NO_COLOR: '1' } },
])(
  'the dialogue of init fits $columns columns and shows what an API says as text, with $env',
  async ({ columns, env }) => {
    const cli = startPtyCli(['init', '--api-url', await startApi()], { cwd: await temporaryFolder(), columns, env });
    for (const [question, answer] of CONVERSATION) {
      await cli.waitFor(question);
      cli.type(answer);
    }
    expect(await cli.exit).toBe(1);
    expect(COLOUR.test(cli.raw())).toBe(!('NO_COLOR' in env));
    const screen = new Screen({ columns, rows: 60 });
    screen.write(cli.raw());
    const lines = screen.text().split('\n');
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    expect(isSafeToShow(screen.text())).toBe(true);
    const stored = join(import.meta.dirname, `files/init.${columns}.txt`);
    await expect(`${lines.map((line) => line.trimEnd()).join('\n')}\n`).toMatchFileSnapshot(stored);
  },
);
