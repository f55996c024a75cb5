// Plays one cell, and returns how the service differed from the rules.
import { sandboxCredentials } from '../../../src/sandbox/accounts.ts';
import type { Endpoint } from '../../../src/sandbox/faults.ts';
import type { Cell, Place } from './cells.ts';
import { differencesOf, type Told } from './claims.ts';
import { Model } from './expected.ts';
import { RULES } from './faults.ts';
import {
  type Mistake,
  OTHER_MERCHANT,
  OTHER_PARTNER,
  OWN,
  PARTNER,
  RUNS,
  type Service,
  SIBLING,
  SUBJECT,
  startService,
  type World,
} from './service.ts';

const ENDPOINTS: Record<Place, { endpoint: Endpoint; account: string }> = {
  partnerToken: { endpoint: 'token', account: PARTNER },
  merchants: { endpoint: 'discovery', account: PARTNER },
  exchange: { endpoint: 'exchange', account: SUBJECT },
  token: { endpoint: 'token', account: SUBJECT },
  cases: { endpoint: 'list', account: SUBJECT },
};

/** A round without faults leaves what every cell begins with: cases and etags of all accounts. */
export async function prepare(world: World): Promise<void> {
  const service = startService(world);
  await service.round();
  service.close();
}

/** Empty if the service did what the rules say, with the faults and after them. */
export async function playCell(cell: Cell, world: World, mistake?: Mistake): Promise<string[]> {
  const { sandbox } = world;
  const service = startService(world, mistake);
  const model = new Model([], RUNS);
  try {
    if (cell.tokens === 'all') await service.round();
    if (cell.tokens === "the partner's") await service.discover();
    if (cell.tokens === 'all') expectedRound(model);
    if (cell.tokens === "the partner's") expectDiscoveries(model);
    for (const { place, fault, times } of cell.faults)
      sandbox.faults.add({ ...ENDPOINTS[place], fault: RULES[fault].fault, times });
    model.arm(cell.faults);
    const faulty = await roundOf(service, model);
    const status = await service.status();
    sandbox.faults.clear();
    const longest = Math.max(0, ...model.waits);
    if (longest > 0) await service.pass(longest);
    model.arm([]);
    const healed = await roundOf(service, model);
    const secrets = secretsOf(world);
    return [
      ...differencesOf({ ...faulty, status, secrets, failedBefore: null }).map((text) => `with faults: ${text}`),
      ...differencesOf({ ...healed, status: null, secrets, failedBefore: faulty }).map((text) => `after them: ${text}`),
    ];
  } finally {
    sandbox.faults.clear();
    service.close();
  }
}

async function roundOf(service: Service, model: Model): Promise<Pick<Told, 'round' | 'expected' | 'waits'>> {
  const before = model.waits.length;
  const expected = expectedRound(model);
  return { expected, round: await service.round(), waits: model.waits.slice(before) };
}

function expectDiscoveries(model: Model) {
  return { [OTHER_PARTNER]: model.discover(false, OTHER_PARTNER), [PARTNER]: model.discover(true, PARTNER) };
}

function expectedRound(model: Model): Told['expected'] {
  const faulty = { id: PARTNER, isFaulty: true };
  return {
    discoveries: expectDiscoveries(model),
    runs: {
      [SUBJECT]: model.run(true, SUBJECT, faulty),
      [SIBLING]: model.run(false, SIBLING, faulty),
      [OTHER_MERCHANT]: model.run(false, OTHER_MERCHANT, { id: OTHER_PARTNER, isFaulty: false }),
      [OWN]: model.runOwn(OWN),
    },
  };
}

/** Texts that must stand nowhere: beginnings of tokens, secrets of clients, and the persons of the lists. */
function secretsOf({ sandbox }: World): string[] {
  const credentials = [PARTNER, OTHER_PARTNER, ...RUNS].map((id) => sandboxCredentials(id));
  const ofClients = credentials.flatMap(({ clientId, clientSecret }) => [
    clientSecret,
    Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
  ]);
  const documents = RUNS.flatMap((id) => sandbox.world.documents(id, { withContracts: true }));
  return ['sbx_', 'worthless', 'sign.sandbox.example', ...ofClients, ...new Set(documents.flatMap(personalTexts))];
}

const PERSONAL = /name|email|phone|birth|identity|number|street|url/i;

function personalTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && PERSONAL.test(key) && inner.length > 5 ? [inner] : personalTexts(inner),
  );
}
