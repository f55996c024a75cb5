/** Makes a uuid from a hash in hex. Version 8 is for custom formats (RFC 9562 section 5.8). */
export function derivedUuid(hash: string): string {
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}
