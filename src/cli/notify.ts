import pLimit from 'p-limit';
import type { Config } from '../config/config.ts';
import type { Channel, NotifySettings } from '../config/notify.ts';
import { closestMatch } from '../config/spelling.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';
import { deferralText, refusalText } from '../notify/channels/email.ts';
import { ChannelError } from '../notify/channels/failure.ts';
import { reachChannel, sendMessage } from '../notify/channels/send.ts';
import { testMessage } from '../notify/message/test-message.ts';
import { type Finding, finding } from '../store/check/finding.ts';
import { type TestResult, testResultLines } from './notify/text.ts';
import type { Output } from './process-context.ts';
import { type JsonForm, printJson } from './terminal/json.ts';

/** Channels that are tried at the same time. */
const AT_ONCE = 4;

/**
 * Sends a test message to a channel, or to all. Returns exit code 1 if one did not take it.
 * @throws UsageError if there is no such channel.
 */
export async function runNotifyTest(
  { notify }: Pick<Config, 'notify'>,
  { channel, form, print, style }: Omit<Output, 'log'> & { channel: string | null; form: JsonForm },
): Promise<number> {
  const channels = channelsToTest(notify, channel);
  const results = await pLimit(AT_ONCE).map(channels, tryChannel);
  if (form !== null) await printJson(results, form, print);
  else print(testResultLines(results, style).join('\n'));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

function channelsToTest({ channels }: NotifySettings, id: string | null): readonly Channel[] {
  if (channels.length === 0) {
    throw new UsageError('No channel is configured: add notify.channels to the configuration (docs/configuration.md).');
  }
  if (id === null) return channels;
  const found = channels.filter((channel) => channel.id === id);
  if (found.length > 0) return found;
  const ids = channels.map((channel) => channel.id);
  const closest = closestMatch(id, ids);
  const hint = closest === null ? `these are: ${ids.join(', ')}` : `did you mean ${closest}?`;
  throw new UsageError(`There is no channel ${visibleLine(id)}; ${hint}`);
}

async function tryChannel(channel: Channel): Promise<TestResult> {
  const { id, type } = channel;
  try {
    const sent = await sendMessage(channel, testMessage(id), { now: new Date() });
    const deferral = deferralText(sent);
    const later = deferral === null ? [] : [`${deferral} Other messages are sent again in such a case.`];
    const warnings = [refusalText(sent) ?? [], later].flat();
    const message = warnings.join(' ') || 'the test message was taken; look whether it arrived';
    return { channel: id, type, ok: warnings.length === 0, message };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { channel: id, type, ok: false, message: error.message };
  }
}

/** Whether the hosts of the channels answer. Nothing is sent. */
export async function checkChannels({ channels }: NotifySettings): Promise<Finding[]> {
  return pLimit(AT_ONCE).map(channels, async (channel) => {
    const check = `channel ${channel.id}`;
    try {
      await reachChannel(channel);
      return finding(
        check,
        'ok',
        `${channel.type}: its host answers; cdd-sync notify test ${channel.id} sends a message`,
      );
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      return finding(check, 'problem', error.message);
    }
  });
}
