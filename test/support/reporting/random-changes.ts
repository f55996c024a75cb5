// Random changes of a sandbox's cases between two runs.
import { eventsOf } from '../../../src/sandbox/case-events.ts';
import { between, pick, type Random } from '../../../src/sandbox/random.ts';
import type { World } from '../../../src/sandbox/world.ts';
import { CHANGES, ODD_CHANGES } from './case-changes.ts';

/** Makes `count` random changes to cases in the account's list. */
export function makeRandomChanges(
  world: World,
  { account, random, count, oddTimes }: { account: string; random: Random; count: number; oddTimes: boolean },
): void {
  for (let made = 0; made < count; made += 1) {
    const ids = world.caseIds(account);
    const caseId = ids[Math.floor(random() * ids.length)];
    if (caseId !== undefined) pick(random, oddTimes ? ODD_CHANGES : CHANGES)({ world, account, random }, caseId);
  }
}

/** Takes cases out of the list, and puts some back that were taken out before. */
export function hideAndRestoreCases(
  world: World,
  { account, random, hidden }: { account: string; random: Random; hidden: string[] },
): void {
  for (const caseId of hidden.splice(0, between(random, 0, 2))) world.bringBack({ account, case: caseId });
  for (let count = between(random, 1, 3); count > 0; count -= 1) {
    const ids = world.caseIds(account);
    const caseId = ids[Math.floor(random() * ids.length)];
    if (caseId !== undefined) hidden.push(world.vanish({ account, case: caseId }));
  }
}

/** Adds a time to cases without any, so that no time is inferred from a recording. */
export function addMissingTimes(world: World, account: string): void {
  const ids = new Set(world.caseIds(account));
  for (const document of world.documents(account)) {
    // Appended items cannot be edited.
    if (!ids.has(String(document.id))) continue;
    const [first] = eventsOf(document).toSorted((one, other) => Number(one.id) - Number(other.id));
    if (typeof document.created_at === 'string' || typeof first?.created_at === 'string') continue;
    world.edit({ account, case: String(document.id) }, (item) => {
      item.created_at = world.now();
    });
  }
}
