import { PassThrough } from 'node:stream';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { sendAnswer } from '../../src/pages/send.ts';

const frame = {
  url: new URL('http://localhost/'),
  files: { style: '', live: '', charts: '', icon: '' },
  shown: null,
  viewer: null,
};

test('a long file does not gather listeners with each pause of its reader', async () => {
  const app = fastify();
  const listeners: number[] = [];
  app.addHook('onSend', async (_request, _reply, payload) => {
    if (payload instanceof PassThrough) payload.on('drain', () => listeners.push(payload.listenerCount('close')));
  });
  const lines = Array<string>(20_000).fill(`${'x'.repeat(1000)}\r\n`);
  app.get('/', async (_request, reply) => {
    await sendAnswer(reply, { kind: 'csv', name: 'long', lines }, { frame, onError: () => {} });
    return reply;
  });
  const answer = await fetch(await app.listen());
  expect(await answer.text()).toHaveLength(20_040_000);
  await app.close();
  expect(listeners.length).toBeGreaterThan(10);
  expect(listeners.at(-1)).toBe(listeners[0]);
});
