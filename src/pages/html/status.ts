/** A status in small letters: `waiting for signature`. One that is written in another way stays as it is. */
export function statusText(status: string | null): string {
  if (status === null) return 'no status yet';
  return /^[A-Z]+(_[A-Z]+)*$/.test(status) ? status.replaceAll('_', ' ').toLowerCase() : status;
}

/** The statuses of a text in small letters: `ACTIVE > UNDER_MANUAL_REVIEW` is an example of a check. */
export function withStatusTexts(text: string): string {
  return text.replaceAll(/\b[A-Z]+(_[A-Z]+)*\b/g, statusText).replaceAll(' > ', ' → ');
}
