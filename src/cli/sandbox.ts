import { once } from 'node:events';
import { UsageError } from '../model/usage-error.ts';
import { type SandboxAccount, sandboxCredentials } from '../sandbox/accounts.ts';
import { startSandbox } from '../sandbox/server.ts';

export type SandboxCommand = {
  port: number;
  host: string;
  seed: number;
  /** Cases per account at the start. */
  cases: number;
  hoursPerSecond: number;
  signal: AbortSignal;
  print: (line: string) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
};

/** How far in the past the sandbox begins when its clock moves, so that there is something to watch. */
const headStart = 14 * 24 * 3_600_000;

/**
 * Runs a sandbox until `signal` aborts. Its clock starts two weeks ago, runs as fast as asked, and then keeps to the
 * real time, so that no dashboard shows the future. Throws `UsageError` if it cannot listen where it is told to.
 */
export async function runSandbox(command: SandboxCommand): Promise<void> {
  const { port, host, seed, cases, hoursPerSecond, signal, print, now = Date.now } = command;
  const start = new Date(now() - (hoursPerSecond > 0 ? headStart : 0)).toISOString();
  const options = { port, host, seed, start, casesPerAccount: cases, hoursPerSecond, notAfter: now };
  await using sandbox = await startSandbox(options).catch((cause: unknown) => {
    throw isListenError(cause)
      ? new UsageError(`The sandbox cannot listen on ${host}:${port} (${cause.code}). Choose another --port or --host.`)
      : cause;
  });
  for (const line of introduction(sandbox.url, sandbox.world.accounts)) print(line);
  if (!signal.aborted) await once(signal, 'abort');
}

function isListenError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    'syscall' in error &&
    ['listen', 'getaddrinfo'].includes(String(error.syscall))
  );
}

function introduction(url: string, accounts: readonly SandboxAccount[]): string[] {
  const control = url.replace(/\/v1$/, '/sandbox');
  return [
    `# A sandbox of Dintero's API is at ${url}. Nothing in it is real. Stop it with Ctrl-C.`,
    '#',
    ...accounts.map(({ id, name, active }) => `# ${id}  ${name}${active === false ? ' (inactive)' : ''}`),
    '#',
    `# What there is:            curl ${control}`,
    `# A day passes:             curl -X POST ${control}/advance -H 'content-type: application/json' -d '{"hours":24}'`,
    `# Let something go wrong:   curl -X POST ${control}/faults -H 'content-type: application/json' \\`,
    `#                             -d '{"endpoint":"list","fault":{"kind":"status","status":500}}'`,
    `# All well again:           curl -X DELETE ${control}/faults`,
    '#',
    '# To read it, save these lines as cdd-sync.yaml:',
    ...configuration(url),
  ];
}

/** The credentials are in clear because they open nothing; with real ones, use ${NAME} or clientSecretFile. */
function configuration(url: string): string[] {
  const client = (id: string) => {
    const { clientId, clientSecret } = sandboxCredentials(id);
    return [`    clientId: ${clientId}`, `    clientSecret: ${clientSecret}`];
  };
  return [
    'schedule: "*/30 * * * * *"',
    'api:',
    `  baseUrl: ${url}`,
    `  audienceBase: ${url}/accounts`,
    'partners:',
    '  - id: P11200000',
    ...client('P11200000'),
    'accounts:',
    '  - id: P12345678',
    '    label: Acme Norge',
    ...client('P12345678'),
    '  - id: T12345678',
    '    label: Acme Norge (test)',
    ...client('T12345678'),
    '  - id: P11200001',
    '    label: Bakeriet',
    '    partner: P11200000',
  ];
}
