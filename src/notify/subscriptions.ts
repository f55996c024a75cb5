import type { NotifySettings } from '../config/notify.ts';
import { NOTICE_KINDS, type NoticeKind } from '../model/notice.ts';

/** A channel that is told of a kind. */
export type Subscription = {
  channel: string;
  kind: NoticeKind;
  /** Null = of all accounts. */
  accounts: ReadonlySet<string> | null;
};

/** The rules by channel and kind: two rules that say the same tell once. */
export function subscriptionsOf({ rules }: Pick<NotifySettings, 'rules'>): Subscription[] {
  const channels = [...new Set(rules.flatMap(({ to }) => to))];
  return channels.flatMap((channel) =>
    NOTICE_KINDS.flatMap((kind) => {
      const asking = rules.filter(({ on, to }) => on.includes(kind) && to.includes(channel));
      if (asking.length === 0) return [];
      const isAll = asking.some(({ accounts }) => accounts === undefined);
      return [{ channel, kind, accounts: isAll ? null : new Set(asking.flatMap(({ accounts }) => accounts ?? [])) }];
    }),
  );
}
