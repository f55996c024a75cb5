// A message as all channels get it.
import type { NoticeKind, NoticePhase } from '../../model/notice.ts';

/** Accounts of which the same is told. All texts are single lines, without characters that a terminal obeys. */
export type Section = {
  kind: NoticeKind;
  phase: NoticePhase;
  /** A sentence without its full stop, for a title. */
  summary: string;
  /** The same, and since when. */
  heading: string;
  details: string[];
  /** Lines that programs read, without a mark. */
  listing: string[];
  /** The next step of a person. */
  remedy: string | null;
  /** Addresses of pages, or without a base address a command. */
  where: string[];
};

/** One thing that a message tells, for programs. */
export type MessageItem = {
  kind: NoticeKind;
  phase: NoticePhase;
  account_id: string;
  account_label: string | null;
  since: string;
  items: number;
  new_items: number;
  code: string | null;
  case_ids: string[];
  judged_at: string;
  /** Of an end: when it was. */
  ended_at: string | null;
  url: string | null;
};

export type Message = {
  id: string;
  title: string;
  sections: Section[];
  footer: string;
  items: MessageItem[];
  leftOut: number;
};

export type Surroundings = {
  /** Address of the pages; null = unknown. */
  baseUrl: string | null;
  timezone: string;
};

/** The message as plain text, for e-mail and for programs that show text only. */
export function messageText({ sections, footer }: Pick<Message, 'sections' | 'footer'>): string {
  const parts = sections.map(({ heading, details, listing, remedy, where }) =>
    [
      heading,
      ...details.map((detail) => `  - ${detail}`),
      ...listing,
      ...(remedy === null ? [] : [`What to do: ${remedy}`]),
      ...where,
    ].join('\n'),
  );
  return [...parts, footer].join('\n\n');
}
