/** A status in small letters: `waiting for signature`. One that is written in another way stays as it is. */
export function statusText(status: string | null): string {
  if (status === null) return 'no status yet';
  return /^[A-Z]+(_[A-Z]+)*$/.test(status) ? status.replaceAll('_', ' ').toLowerCase() : status;
}
