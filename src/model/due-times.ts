/** A cron expression and the time zone that it is read in. */
export type Schedule = { schedule: string; timezone: string };

/** When an account's next success is due, and from when on the account is stale without it. */
export type DueTimes = { nextDueAt: Date; staleAt: Date };
