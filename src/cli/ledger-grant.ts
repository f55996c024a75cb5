import { quoted } from '../store/postgres/identifier.ts';

/** The statements that let a role read schema cdd, as a part of a message. */
export function ledgerGrant(role: string): string {
  return `grant usage on schema cdd to ${quoted(role)}; grant select on all tables in schema cdd to ${quoted(role)};`;
}
