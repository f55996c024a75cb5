import { expect, test } from 'vitest';
import { html } from '../../src/pages/html/html.ts';
import { LastKnown, type ShownPage } from '../../src/pages/last-known.ts';

const files = { style: '', live: '', charts: '', icon: '' };
const url = (path: string) => new URL(path, 'http://localhost');
const kari = { name: 'kari', role: 'reader' };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));

const page = (text: string): ShownPage => ({
  title: 'Title',
  body: html`${text}`,
  isLive: false,
  frame: { url: url('/'), files, shown: null, viewer: 'kari' },
});

test('a page is found by its viewer and its whole address only, for an hour', () => {
  const pages = new LastKnown();
  pages.keep(kari, url('/cases?status=ERROR'), page('the list'), at(0));
  const find = (viewer: typeof kari, path: string, minute: number) =>
    pages.find(viewer, url(path), at(1), at(minute))?.body.text.includes('the list');
  expect(find(kari, '/cases?status=ERROR', 60)).toBe(true);
  expect(find(kari, '/cases?status=ERROR', 61)).toBeUndefined();
  expect(find(kari, '/cases', 2)).toBeUndefined();
  expect(find({ name: 'kari', role: 'other' }, '/cases?status=ERROR', 2)).toBeUndefined();
  expect(find({ name: 'ola', role: 'reader' }, '/cases?status=ERROR', 2)).toBeUndefined();
});

test('pages over the limit of size push out those that were shown longest ago', () => {
  const pages = new LastKnown(1000);
  const isKept = (path: string) => pages.find(kari, url(path), at(0), at(1)) !== null;
  for (const path of ['/a', '/b', '/a', '/c']) pages.keep(kari, url(path), page('x'.repeat(400)), at(0));
  expect(['/a', '/b', '/c'].map(isKept)).toEqual([true, false, true]);
  pages.keep(kari, url('/huge'), page('x'.repeat(2000)), at(0));
  expect(['/a', '/c', '/huge'].map(isKept)).toEqual([false, false, false]);
  pages.keep(kari, url('/a'), page('small'), at(0));
  expect(isKept('/a')).toBe(true);
});

/** A page of a viewer who sees these accounts. */
const pageOf = (ids: string[]): ShownPage => {
  const accounts = ids.map((id) => ({ id, label: 'Merchant' }));
  const shown = { clock: { now: at(0), timezone: 'UTC' }, filters: { accountId: null, days: 90 }, accounts };
  return { ...page('small'), frame: { ...page('').frame, shown } };
};

test('the accounts that the head of a page names count as its size', () => {
  const pages = new LastKnown(100_000);
  const ids = Array.from({ length: 900 }, (_, index) => `P${20_000_000 + index}`);
  for (const path of ['/a', '/b']) pages.keep(kari, url(path), pageOf(ids), at(0));
  expect(['/a', '/b'].map((path) => pages.find(kari, url(path), at(0), at(1)) !== null)).toEqual([false, true]);
});

const rights = (seesNames: boolean, ...ids: string[]) => ({ seesNames, accounts: ids.map((id) => ({ id })) });

test.each([
  ['other accounts', rights(true, 'P1')],
  ['no names', rights(false, 'P1', 'P2')],
])('no page is left of a viewer who sees %s now', (_, changed) => {
  const pages = new LastKnown();
  const ola = { name: 'ola', role: 'reader' };
  const isKept = (viewer: typeof kari, path: string) => pages.find(viewer, url(path), at(1), at(2)) !== null;
  for (const viewer of [kari, ola]) {
    pages.noteAnswer(viewer, rights(true, 'P1', 'P2'));
    pages.keep(viewer, url('/accounts'), page('small'), at(0));
  }
  pages.noteAnswer(kari, rights(true, 'P1', 'P2'));
  expect(isKept(kari, '/accounts')).toBe(true);
  pages.noteAnswer(kari, changed);
  pages.keep(kari, url('/cases'), page('small'), at(1));
  expect([isKept(kari, '/accounts'), isKept(kari, '/cases'), isKept(ola, '/accounts')]).toEqual([false, true, true]);
});

test('a page is recent for ten seconds, for its viewer and its address only', () => {
  const pages = new LastKnown();
  pages.keep(kari, url('/cases'), page('small'), at(0));
  const after = (seconds: number) => new Date(at(0).getTime() + seconds * 1000);
  expect(pages.recent(kari, url('/cases'), after(10))).not.toBeNull();
  expect(pages.recent(kari, url('/cases'), after(11))).toBeNull();
  expect(pages.recent(kari, url('/'), after(1))).toBeNull();
  expect(pages.recent({ ...kari, name: 'ola' }, url('/cases'), after(1))).toBeNull();
});

test('an outage begins with the first failure, and a new one after an answer', () => {
  const pages = new LastKnown();
  expect(pages.noteOutage(at(5))).toEqual(at(5));
  expect(pages.noteOutage(at(9))).toEqual(at(5));
  pages.noteAnswer(kari, rights(true));
  expect(pages.noteOutage(at(20))).toEqual(at(20));
});
