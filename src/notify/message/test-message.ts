import { randomUUID } from 'node:crypto';
import type { Message } from './message.ts';

/** A message that only says that the channel works. */
export function testMessage(channel: string): Message {
  return {
    id: randomUUID(),
    title: 'Test message of cdd-sync',
    sections: [],
    footer: `This is a test: "cdd-sync notify test" sent it to the channel ${channel}. Nothing has to be done.`,
    items: [],
    leftOut: 0,
  };
}
