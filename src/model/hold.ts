/** A time in which no request may be sent to a host, because the API asked for it (`Retry-After`). */
export type Hold = {
  host: string;
  /** Null = everything on the host waits. */
  accountId: string | null;
  until: Date;
};

/** A sentence without its full stop: the account that waits, the time and the reason. */
export function holdText({ host, accountId, until }: Hold, timeText = (at: Date) => at.toISOString()): string {
  const subject = accountId === null ? 'All accounts wait' : `${accountId} waits`;
  return `${subject} until ${timeText(until)} before the next request to ${host}: the API asked for it (Retry-After)`;
}
