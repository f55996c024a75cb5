/** Dintero's word for a status in small letters: `waiting for signature`. */
export function statusText(status: string | null): string {
  return status === null ? 'no status yet' : status.replaceAll('_', ' ').toLowerCase();
}
