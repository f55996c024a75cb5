import { createHash } from 'node:crypto';
import { alteredItems } from './altered-items.ts';
import type { EndpointRoute, Incoming, Result } from './endpoint.ts';
import type { Fault } from './faults.ts';
import { listText, listTextByItem } from './list-text.ts';
import type { Population } from './population.ts';
import { type ListQuery, listQueryOf } from './query.ts';
import { accountOf, requireAccess, type State } from './state.ts';

/** The list of an account's cases. */
export const listRoute: EndpointRoute = {
  method: 'GET',
  path: '/v1/accounts/:accountId/management/settings/cdd/cases',
  endpoint: 'list',
  handle: listFor,
};

function listFor(state: State, { accountId, raw, query: parameters }: Incoming, fault: Fault | null): Result {
  requireAccess(state, raw, accountOf(state, accountId));
  state.servedAccounts.add(accountId);
  const population = state.world.population(accountId);
  const query = listQueryOf(parameters);
  const etag = etagOf(state, { population, query, fault });
  const headers = { vary: 'accept-encoding', ...(fault?.kind !== 'noEtag' && { etag }) };
  // A fault in the body takes effect even if the client's etag is current.
  const isNotModified = (fault === null || fault.kind === 'delay') && matchesEtag(raw.headers['if-none-match'], etag);
  if (isNotModified) return { pieces: [], headers, isNotModified };
  return { pieces: piecesOf(population, query, fault), headers };
}

function piecesOf(population: Population, query: ListQuery, fault: Fault | null): Iterable<Buffer> {
  if (population.override) return [population.override];
  if (fault === null || fault.kind === 'delay' || fault.kind === 'noEtag') return listText(population, query);
  const alter = fault.kind === 'items' ? alteredItems.bind(null, fault) : undefined;
  return listTextByItem(population, query, alter ?? ((item) => [item]));
}

/** Differs for every revision of the account's list, and for every query. */
function etagOf(state: State, list: { population: Population; query: ListQuery; fault: Fault | null }): string {
  const { origin, revision } = list.population;
  const alteration = list.fault?.kind === 'items' ? list.fault : null;
  const version = JSON.stringify([state.instanceId, origin.accountId, revision, list.query, alteration]);
  return `W/"${createHash('sha256').update(version).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` matches the etag; weak comparison, RFC 9110 section 13.1.2. */
function matchesEtag(header: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return header?.trim() === '*' || (header ?? '').split(',').some((tag) => opaque(tag) === opaque(etag));
}
