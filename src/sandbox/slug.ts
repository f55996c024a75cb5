/** A name in the form used in ids and email addresses: `Bjørk Bakeri AS` becomes `bjork-bakeri-as`. */
export function slugOf(name: string): string {
  const plain = name.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'o').replaceAll('å', 'a');
  return plain.replaceAll(' ', '-');
}
