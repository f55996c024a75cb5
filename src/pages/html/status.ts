/** Dintero's word for a status in small letters: `waiting for signature`. A word of another form stays as it is. */
export function statusText(status: string | null): string {
  if (status === null) return 'no status yet';
  return /^[A-Z]+(_[A-Z]+)*$/.test(status) ? status.replaceAll('_', ' ').toLowerCase() : status;
}
