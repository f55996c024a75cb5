import type { SlackChannel } from '../../config/notify.ts';
import { type Message, messageText, type Section } from '../message/message.ts';
import { post } from './post.ts';

/** Slack cuts longer texts in the middle of an entity. */
const MOST_TEXT = 3000;
const MOST_HEADER = 150;
/** Of more lines for programs, Slack gets the first: a block takes some thousand characters. */
const MOST_LINES = 25;

/** @throws ChannelError when the message was not taken. */
export async function sendToSlack(channel: SlackChannel, message: Message): Promise<void> {
  await post({ channel, body: JSON.stringify(slackPayload(message)) });
}

/**
 * Blocks for Slack, and a text for notifications and for programs that only take text. The blocks are rich text, in which no
 * character of a label can begin a mention, a link or a format.
 */
export function slackPayload(message: Message) {
  return {
    text: slackText(`${message.title}\n\n${messageText(message)}`),
    mrkdwn: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: [...message.title].slice(0, MOST_HEADER).join(''), emoji: false },
      },
      ...message.sections.map(sectionBlock),
      richText([textElement(message.footer)]),
    ],
  };
}

type Element = { type: 'text'; text: string; style?: { bold: true } } | { type: 'link'; url: string };

function sectionBlock({ heading, details, listing, remedy, where }: Section) {
  const left = listing.length - MOST_LINES;
  const lines = left > 0 ? [...listing.slice(0, MOST_LINES), `and ${left} more: "cdd-sync verify --print"`] : listing;
  const rest = [
    ...details.map((detail) => `• ${detail}`),
    ...lines,
    ...(remedy === null ? [] : [`What to do: ${remedy}`]),
  ];
  const links = where.flatMap((place): Element[] => [
    textElement('\n'),
    /^https?:\/\//.test(place) ? { type: 'link', url: place } : textElement(place),
  ]);
  return richText([
    { ...textElement(heading), style: { bold: true } },
    ...(rest.length === 0 ? [] : [textElement(`\n${rest.join('\n')}`)]),
    ...links,
  ]);
}

function textElement(text: string): { type: 'text'; text: string } {
  return { type: 'text', text };
}

function richText(elements: readonly Element[]) {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/**
 * Escapes Slack's control characters, and takes the meaning of those that format, link or mention by a zero-width space:
 * Mattermost reads Markdown here, and Discord and Rocket.Chat mentions such as @everyone. Addresses of ours, each a line of
 * its own, and words with an underscore in the middle stay as they are.
 */
function slackText(text: string): string {
  const cut = text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`;
  const plain = cut
    .split('\n')
    .map((line) => (/^https?:\/\/\S+$/.test(line) ? line : line.replace(MEANINGFUL, '$&\u200b')))
    .join('\n');
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const MEANINGFUL = /[*~`@]|\](?=\()|:(?=\/\/)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
