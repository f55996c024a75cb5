import { wholeItem } from './documented-fields.ts';

export const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Every kind of place that can hold undocumented data: by name of the place, a document that has the secret there. */
export function withUndocumented(secret: string, number: number): Record<string, unknown> {
  const item = wholeItem(idOf(number));
  const [event] = item.events as Record<string, unknown>[];
  const kinds = [
    secret,
    { name: secret },
    [secret],
    [{ deep: [{ er: secret }] }],
    { [secret]: true },
    { a: { b: { c: { d: [null, secret] } } } },
    Number(String(number).padStart(11, '9')),
  ];
  const places: Record<string, unknown>[] = [item, ...(event ? [event] : [])];
  for (const name of ['case_for', 'case_request']) places.push(item[name] as Record<string, unknown>);
  places.push((item.payment_options as Record<string, unknown>[])[0] ?? {}, event?.created as Record<string, unknown>);
  for (const [at, place] of places.entries())
    for (const [index, kind] of kinds.entries()) place[`${secret} ${at} ${index}`] = kind;
  item.case_request = { ...(item.case_request as object), details: { person: secret, [secret]: 1 } };
  if (event) {
    event.case = { owners: [{ name: secret }], [secret]: { id: secret } };
    event.created = { ...(event.created as object), contract_url: `https://sign.example/${secret}` };
    event.error = `KYC_TIMEOUT: no answer for ${secret}`;
  }
  return item;
}
