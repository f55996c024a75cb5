import { once } from 'node:events';
import { stringify } from 'yaml';
import { systemErrorCode } from '../model/system-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { type SandboxAccount, sandboxCredentials } from '../sandbox/accounts.ts';
import { startSandbox } from '../sandbox/server.ts';

type SandboxOptions = {
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

/** A moving clock starts two weeks ago, so that cases change at once. */
const HEAD_START_MS = 14 * 24 * 3_600_000;

/** A command goes on in the next line. */
const CONTINUED = '\\';

/**
 * Runs a sandbox until `signal` aborts. Its clock stops running ahead when it reaches the real time, so that no
 * dashboard shows the future.
 * @throws UsageError when it cannot listen at the given address.
 */
export async function runSandbox(options: SandboxOptions): Promise<void> {
  const { port, host, seed, cases, hoursPerSecond, signal, print, now = Date.now } = options;
  const start = new Date(now() - (hoursPerSecond > 0 ? HEAD_START_MS : 0)).toISOString();
  const world = { port, host, seed, start, casesPerAccount: cases, hoursPerSecond, notAfter: now };
  await using sandbox = await startSandbox(world).catch((cause: unknown) => {
    if (!isListenError(cause)) throw cause;
    const code = systemErrorCode(cause);
    throw new UsageError(`The sandbox cannot listen on ${host}:${port} (${code}). Choose another --port or --host.`);
  });
  for (const line of introductionLines(sandbox.url, sandbox.world.accounts)) print(line);
  if (!signal.aborted) await once(signal, 'abort');
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['listen', 'getaddrinfo'].includes(String(error.syscall));
}

/** How to use the sandbox: a configuration, with everything else as comments. */
export function introductionLines(url: string, accounts: readonly SandboxAccount[]): string[] {
  const control = url.replace(/\/v1$/, '/sandbox');
  const json = "-H 'content-type: application/json'";
  return [
    `# A sandbox of Dintero's API is at ${url}.`,
    '# Nothing in it is real. Stop it with Ctrl-C.',
    '#',
    ...accounts.map(({ id, name, active }) => `# ${id}  ${name}${active === false ? ' (inactive)' : ''}`),
    '#',
    '# State:',
    `#   curl ${control}`,
    '# Let a day pass:',
    `#   curl -X POST ${control}/advance ${CONTINUED}`,
    `#     ${json} -d '{"hours":24}'`,
    '# Make requests fail:',
    `#   curl -X POST ${control}/faults ${CONTINUED}`,
    `#     ${json} ${CONTINUED}`,
    `#     -d '{"endpoint":"list","fault":{"kind":"status","status":500}}'`,
    '# End all failures:',
    `#   curl -X DELETE ${control}/faults`,
    '#',
    '# To be asked for what is needed, run in an empty folder:',
    `#   cdd-sync init --api-url ${url}`,
    '# Or save these lines as cdd-sync.yaml:',
    ...configurationFor(url).split('\n'),
  ];
}

/** The credentials are in plain text because they open nothing. For real ones, use ${NAME} or clientSecretFile. */
function configurationFor(url: string): string {
  const client = (id: string, label?: string) => ({ id, label, ...sandboxCredentials(id) });
  return stringify({
    schedule: '*/30 * * * * *',
    api: { baseUrl: url, audienceBase: `${url}/accounts` },
    partners: [client('P11200000')],
    accounts: [
      client('P12345678', 'Acme Norge'),
      client('T12345678', 'Acme Norge (test)'),
      { id: 'P11200001', label: 'Bakeriet', partner: 'P11200000' },
    ],
  }).trimEnd();
}
