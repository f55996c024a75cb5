import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { z } from 'zod';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { withAdmin } from '../support/admin.ts';
import { runCli, startCli, temporaryFolder } from '../support/cli.ts';
import { createEmptyDatabase, test } from '../support/database.ts';
import { createLogin } from '../support/login-role.ts';
import { startPtyCli } from '../support/pty.ts';
import { ACCOUNT } from '../support/rig.ts';
import { until } from '../support/until.ts';

const PARTNER = 'P11200000';
const PASSWORD = 'correct-horse';
const ENTER = '\r';
const DOWN = '\u001b[B';
const CLEAR_LINE = '\u0015';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const SHOW_CURSOR = '\u001b[?25h';
const HIDE_CURSOR = '\u001b[?25l';

/** A sandbox, and an empty folder. */
async function createPlace() {
  const sandbox = await startSandbox({ casesPerAccount: 4 });
  onTestFinished(() => sandbox.close());
  return { sandbox, cwd: await temporaryFolder() };
}

const init = ({ sandbox, cwd }: { sandbox: Sandbox; cwd: string }, columns = 80) =>
  startPtyCli(['init', '--api-url', sandbox.url], { cwd, columns });

/** The connection string without its password, as a person types it first. */
const withoutPassword = (url: string) => url.replace(/:[^:@/]*@/, '@');

describe('init', () => {
  test('tells each mistake, writes both files without a secret on the screen, and the worker reads the account from them', async ({
    db: { url: admin, database },
  }) => {
    const place = await createPlace();
    const role = await createLogin('superuser');
    await withAdmin(admin, (client) => client.query(`alter role ${role} password '${PASSWORD}'`));
    const url = Object.assign(new URL(admin), { username: role, password: PASSWORD }).href;
    const { clientId, clientSecret } = sandboxCredentials(ACCOUNT);
    const cli = init(place);
    await cli.waitFor('What is to be read?');
    cli.type(ENTER);
    await cli.waitFor('Account id:');
    cli.type(`p12345678${ENTER}`);
    await cli.waitFor('the letter is a capital');
    cli.type(`${CLEAR_LINE}"${ACCOUNT}"${ENTER}`);
    await cli.waitFor('leave it out');
    cli.type(`${CLEAR_LINE}  ${ACCOUNT}  ${ENTER}`);
    await cli.waitFor('Client id:');
    cli.type(`${clientId}${ENTER}`);
    await cli.waitFor('Client secret (hidden):');
    cli.type(`wrong-secret${ENTER}`);
    await cli.waitFor(`AUTH: ${ACCOUNT}`);
    await cli.waitFor('another client id and secret');
    cli.type(ENTER);
    await cli.waitFor(`Client id: (${clientId})`);
    cli.type(ENTER);
    await cli.waitFor('Client secret (hidden):');
    // As pasted from a page that ends the line.
    cli.type(`  ${clientSecret}\r\n`);
    await cli.waitFor('the list of cases can be read');
    await cli.waitFor('Where are the cases to be stored?');
    cli.type(`${DOWN}${ENTER}`);
    await cli.waitFor('Address:');
    cli.type(`mysql://localhost${ENTER}`);
    await cli.waitFor('must be a Postgres URL');
    cli.type(`${CLEAR_LINE}${withoutPassword(url)}${ENTER}`);
    await cli.waitFor('Password (hidden):');
    cli.type(`wr/ong@${ENTER}`);
    await cli.waitFor('refused the user or password');
    await cli.waitFor('Where are the cases to be stored?');
    cli.type(`${DOWN}${DOWN}${ENTER}`);
    await cli.waitFor('Address:');
    cli.type(`${url}${ENTER}`);
    await cli.waitFor('can be used');
    await cli.waitFor('Next, in this folder:');
    expect(await cli.exit).toBe(0);

    for (const secret of [clientSecret, PASSWORD, 'wrong-secret', 'wr/ong@']) expect(cli.raw()).not.toContain(secret);
    const config = await readFile(join(place.cwd, 'cdd-sync.yaml'), 'utf8');
    expect(config).toContain(`- id: ${ACCOUNT}`);
    expect(config).not.toContain(clientSecret);
    expect(config).not.toContain(PASSWORD);
    expect((await stat(join(place.cwd, '.env'))).mode & 0o777).toBe(0o600);
    expect((await readdir(place.cwd)).sort()).toEqual(['.env', 'cdd-sync.yaml']);

    const worker = startCli(['start'], { cwd: place.cwd, env: { PORT: '0' } });
    await until(async () => (await database.case.count({ where: { accountId: ACCOUNT } })) === 4);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);

    const again = init(place);
    await again.waitFor('cdd-sync.yaml and .env exist');
    expect(await again.exit).toBe(2);
  });

  test('asks on 40 columns for a partner, and shows an administrator the SQL that is missing', async () => {
    const place = await createPlace();
    const role = await createLogin();
    const { url: admin, drop } = await createEmptyDatabase(inject('postgres').url);
    const target = new URL(admin);
    target.username = role;
    const { clientId, clientSecret } = sandboxCredentials(PARTNER);
    const cli = init(place, 40);
    await cli.waitFor('What is to be read?');
    cli.type(`${DOWN}${ENTER}`);
    await cli.waitFor("Partner's account id:");
    cli.type(`${ACCOUNT}${ENTER}`);
    await cli.waitFor('five zeros');
    cli.type(`${CLEAR_LINE}${PARTNER}${ENTER}`);
    await cli.waitFor('Client id:');
    cli.type(`${clientId}${ENTER}`);
    await cli.waitFor('Client secret (hidden):');
    cli.type(`${clientSecret}${ENTER}`);
    await cli.waitFor('the partner has 2 active merchants');
    await cli.waitFor('Where are the cases to be stored?');
    cli.type(`${DOWN}${ENTER}`);
    await cli.waitFor('Address:');
    cli.type(`${withoutPassword(target.href)}${ENTER}`);
    await cli.waitFor('Password (hidden):');
    cli.type(`p${ENTER}`);
    await cli.waitFor('An administrator of the database runs this:');
    await cli.waitFor('grant create on database');
    const sql = /^ {2}(grant create .*;)\r$/m.exec(cli.raw())?.[1] ?? '';
    await withAdmin(admin, (client) => client.query(sql));
    await cli.waitFor('try the same again');
    cli.type(ENTER);
    await cli.waitFor('can be used');
    expect(await cli.exit).toBe(0);
    await drop();
  });

  test('leaves nothing behind when it is stopped at a question, and restores the terminal', async () => {
    const place = await createPlace();
    const { clientId, clientSecret } = sandboxCredentials(ACCOUNT);
    const steps: [question: string, answer: string][] = [
      ['What is to be read?', ENTER],
      ['Account id:', `${ACCOUNT}${ENTER}`],
      ['Client id:', `${clientId}${ENTER}`],
      ['Client secret (hidden):', `${clientSecret}${ENTER}`],
      ['Where are the cases to be stored?', `${DOWN}${ENTER}`],
      ['Address:', ''],
    ];
    const stopAt = async (last: string, key: string) => {
      const cli = init(place);
      for (const [question, answer] of steps) {
        await cli.waitFor(question);
        cli.type(question === last ? key : answer);
        if (question === last) break;
      }
      await cli.waitFor('Stopped; nothing was written.');
      expect(await cli.exit).toBe(1);
      expect(cli.raw().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(cli.raw().lastIndexOf(HIDE_CURSOR));
    };
    await Promise.all([
      ...['What is to be read?', 'Account id:', 'Client secret (hidden):', 'Address:'].map((at) => stopAt(at, CTRL_C)),
      stopAt('Account id:', CTRL_D),
    ]);
    // While it waits for a server that does not answer; a password that is typed too early is not echoed.
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = z.object({ port: z.number() }).parse(silent.address());
    const cli = init(place);
    for (const [question, answer] of steps) {
      await cli.waitFor(question);
      cli.type(question === 'Address:' ? `postgres://127.0.0.1:${port}/cdd${ENTER}` : answer);
    }
    await cli.waitFor('Asking Postgres');
    cli.type(`too-early${ENTER}${CTRL_C}`);
    await cli.waitFor('Stopped; nothing was written.');
    expect(await cli.exit).toBe(1);
    expect(cli.raw()).not.toContain('too-early');
    silent.close();
    expect(await readdir(place.cwd)).toEqual([]);
  });

  test('needs a terminal, and says what to do without one; a starter passes check after three edits', async ({
    db: { url },
  }) => {
    const { sandbox, cwd } = await createPlace();
    const without = await runCli(['init'], { cwd });
    expect(without).toMatchObject({ code: 2, stdout: '' });
    expect(without.stderr).toContain('cdd-sync init --print > cdd-sync.yaml');
    const printed = await runCli(['init', '--print'], { cwd });
    const example = await readFile(join(import.meta.dirname, '../../cdd-sync.example.yaml'), 'utf8');
    // The first line of the example is for editors.
    expect(example.slice(example.indexOf('\n') + 1)).toBe(printed.stdout);

    const { clientId, clientSecret } = sandboxCredentials(ACCOUNT);
    const edited = example.replace('- id: #', `- id: ${ACCOUNT} #`).replace('clientId: #', `clientId: ${clientId} #`);
    await writeFile(join(cwd, 'cdd-sync.yaml'), `${edited}api: { baseUrl: "${sandbox.url}" }\n`);
    await writeFile(join(cwd, '.env'), `DINTERO_CLIENT_SECRET=${clientSecret}\n`);
    expect(await runCli(['check'], { cwd, env: { DATABASE_URL: url } })).toMatchObject({ code: 0 });
    await writeFile(join(cwd, 'cdd-sync.yaml'), example);
    await writeFile(join(cwd, '.env'), '');
    const unedited = await runCli(['check'], { cwd, env: { DATABASE_URL: url } });
    expect(unedited.code).toBe(2);
    for (const edit of ['accounts[0].id', 'accounts[0].clientId', 'DINTERO_CLIENT_SECRET']) {
      expect(unedited.stderr).toContain(edit);
    }
  });
});
