import type { z } from 'zod';
import type { Subject } from '../../config/starter.ts';
import { accountId, clientId, partnerId, secret } from '../../config/values.ts';
import { type Access, tryAccess } from './access.ts';
import type { Answers } from './answers.ts';
import type { Dialogue } from './dialogue.ts';
import { unwritableText } from './files.ts';

const QUOTE = /["'`“”„‟‘’«»]/;

type Next = 'again' | 'client' | 'all';

/** Asks which account or partner is read and with which client, until Dintero accepts them. */
export async function askSubject(dialogue: Dialogue, { baseUrl }: { baseUrl: string | null }): Promise<Answers> {
  let subject = await askId(dialogue);
  let client = await askClient(dialogue);
  for (;;) {
    const answers = { ...subject, ...client };
    dialogue.say('', 'Asking Dintero …');
    const access = await dialogue.wait((signal) => tryAccess(answers, { baseUrl, signal }));
    dialogue.say(...access.lines, '');
    if (access.isOk) return answers;
    const next = await dialogue.choose('What next?', nextChoices(access));
    if (next === 'all') subject = await askId(dialogue, subject);
    if (next !== 'again') client = await askClient(dialogue, client.clientId);
  }
}

async function askId(dialogue: Dialogue, earlier?: Omit<Subject, 'clientId'>): Promise<Omit<Subject, 'clientId'>> {
  const kind = await dialogue.choose('What is to be read?', [
    { value: 'account' as const, name: 'one account' },
    { value: 'partner' as const, name: 'all merchants of a partner' },
  ]);
  const question =
    kind === 'account'
      ? { message: 'Account id:', check: idProblem(accountId) }
      : { message: "Partner's account id:", check: idProblem(partnerId) };
  const proposal = earlier?.kind === kind ? { proposal: earlier.id } : {};
  return { kind, id: await dialogue.ask({ ...question, ...proposal }) };
}

async function askClient(dialogue: Dialogue, earlier?: string): Promise<Pick<Answers, 'clientId' | 'clientSecret'>> {
  const proposal = earlier === undefined ? {} : { proposal: earlier };
  return {
    clientId: await dialogue.ask({ message: 'Client id:', check: idProblem(clientId), ...proposal }),
    clientSecret: await dialogue.askSecret({ message: 'Client secret (hidden):', check: secretProblem }),
  };
}

/** The message of a value's schema; it never repeats the value. */
function problemOf(schema: z.ZodType): (answer: string) => string | null {
  return (answer) => schema.safeParse(answer === '' ? undefined : answer).error?.issues[0]?.message ?? null;
}

/** An id with a quote is a copy with too much. */
function idProblem(schema: z.ZodType): (answer: string) => string | null {
  return (answer) => (QUOTE.test(answer) ? 'has a quotation mark; leave it out' : problemOf(schema)(answer));
}

function secretProblem(answer: string): string | null {
  return problemOf(secret)(answer) ?? unwritableText(answer);
}

/** The most useful choice first. */
function nextChoices({ remedy }: Access): { value: Next; name: string }[] {
  const choices: { value: Next; name: string }[] = [
    { value: 'again', name: 'try the same again' },
    { value: 'client', name: 'another client id and secret' },
    { value: 'all', name: 'another account' },
  ];
  return choices.toSorted((one, other) => Number(other.value === remedy) - Number(one.value === remedy));
}
