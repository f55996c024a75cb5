import { expect, test } from 'vitest';
import { configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const SECRET = 'a-secret-of-at-least-24-letters';
const URL = 'https://hooks.slack.com/services/T0/B0/s3cret';

const SLACK = '{ id: ops, type: slack, url: "${HOOK}" }';
const env = { ...secretEnv, HOOK: URL, SIGNING: SECRET, MAIL: 'p4ss' };

function yamlOf(
  channels: readonly string[],
  rules: readonly string[],
  more: readonly string[] = ['server: { url: "https://cdd.example.com/" }'],
) {
  const entries = (items: readonly string[]) => items.map((item) => `    - ${item}`);
  return fileYaml([...more, 'notify:', '  channels:', ...entries(channels), '  rules:', ...entries(rules)].join('\n'));
}

const RULE = '{ on: [account_stale], to: [ops] }';

test('channels get their secrets from variables and files, and the port that their security has', async () => {
  const yaml = yamlOf(
    [
      '{ id: ops, type: slack, urlFile: hook }',
      '{ id: siem, type: webhook, url: "http://127.0.0.1:9/in?token=a", secret: "${SIGNING}" }',
      '{ id: mail, type: email, host: smtp.example.com, user: cdd, passwordFile: pass, from: a@example.com, to: [b@example.com] }',
      '{ id: old, type: email, host: 10.0.0.1, security: tls, from: a@example.com, to: [b@example.com] }',
    ],
    [
      '{ on: [account_stale, review_due], to: [ops, siem] }',
      '{ on: [approval_lost], to: [mail, old], accounts: [P12345678] }',
    ],
  );
  const { notify, server, warnings } = await configFrom(yaml, { env, files: { hook: `${URL}\n`, pass: 'p4ss\n' } });
  expect(warnings).toEqual([]);
  expect(server.url).toBe('https://cdd.example.com');
  expect(notify.channels).toEqual([
    { id: 'ops', type: 'slack', url: URL },
    { id: 'siem', type: 'webhook', url: 'http://127.0.0.1:9/in?token=a', secret: SECRET },
    {
      id: 'mail',
      type: 'email',
      host: 'smtp.example.com',
      port: 587,
      security: 'starttls',
      user: 'cdd',
      password: 'p4ss',
      from: 'a@example.com',
      to: ['b@example.com'],
    },
    {
      id: 'old',
      type: 'email',
      host: '10.0.0.1',
      port: 465,
      security: 'tls',
      password: null,
      from: 'a@example.com',
      to: ['b@example.com'],
    },
  ]);
  expect(notify.rules).toHaveLength(2);
});

test.each([
  ['{ id: ops, type: slack }', 'url', 'is missing; give url: ${NAME}, or urlFile'],
  ['{ id: ops, type: slack, url: "${HOOK}", urlFile: hook }', 'urlFile', 'is given together with url'],
  ['{ id: ops, type: slack, urlFile: nowhere }', 'urlFile', 'names a file that does not exist'],
  ['{ id: ops, type: slack, urlFile: words }', 'urlFile', 'must hold an http or https URL'],
  ['{ id: ops, type: slack, url: hooks.slack.com }', 'url', 'must be an http or https URL'],
  ['{ id: ops, type: slack, url: "https://user:pass@a.example/" }', 'url', 'must be an http or https URL'],
  ['{ id: ops, type: webhook, url: "https://a.example" }', 'secret', 'is missing; give secret: ${NAME}, or secretFile'],
  ['{ id: ops, type: webhook, url: "https://a.example", secret: short }', 'secret', 'at least 24 characters'],
  [
    '{ id: ops, type: webhook, url: "https://a.example", secret: "whsec_!!!!!!!!!!!!!!!!!!!!!!" }',
    'secret',
    'the rest must be base64',
  ],
  ['{ id: ops, type: webhook, url: "https://a.example", secretFile: words }', 'secretFile', 'at least 24 characters'],
  ['{ id: ops, type: email, host: a, user: u, from: a@b.c, to: [d@e.f] }', 'password', 'is missing'],
  ['{ id: ops, type: email, host: a, from: "A <a@b.c>", to: [d@e.f] }', 'from', 'must be an e-mail address'],
  ['{ id: ops, type: email, host: a, from: a@b.c, to: ["d@e.f, g@h.i"] }', 'to[0]', 'must be an e-mail address'],
  ['{ id: ops, type: email, host: a, from: a@b.c, to: ["d@e.f\\nbcc: g@h.i"] }', 'to[0]', 'must be an e-mail address'],
  ['{ id: ops, type: email, host: a, from: a@b.c, to: [] }', 'to', 'at least one address'],
  ['{ id: ops, type: email, host: a, security: ssl, from: a@b.c, to: [d@e.f] }', 'security', 'starttls, tls or none'],
  ['{ id: "o p s", type: slack, url: "${HOOK}" }', 'id', 'must be a short name'],
  ['{ id: ops, type: teams }', 'type', 'must be slack, webhook or email'],
  ['{ id: ops }', 'type', 'is missing; it must be slack, webhook or email'],
  ['{ id: ops, type: slack, urlfile: hook }', 'urlfile', 'did you mean urlFile?'],
  ['{ id: ops, type: slack, url: "${HOOK}", user: a }', 'user', 'of notify, of the right type'],
])('the channel %s is refused', async (channel, key, message) => {
  const problems = await problemsFrom(yamlOf([channel], [RULE]), { env, files: { hook: URL, words: 'no address' } });
  const found = problems[`notify.channels[0].${key}`];
  expect(found?.message).toContain(message);
  expect(found?.line).toBeGreaterThan(1);
  expect(JSON.stringify(problems)).not.toContain('s3cret');
});

test.each([
  ['{ on: [account_stail], to: [ops] }', 'on[0]', 'did you mean account_stale?'],
  ['{ on: [], to: [ops] }', 'on', 'at least one kind'],
  ['{ on: [review_due], to: [] }', 'to', 'at least one channel'],
  ['{ on: [review_due], to: [obs] }', 'to[0]', 'is not the id of a channel in notify.channels; did you mean ops?'],
  ['{ on: [review_due], to: [officers] }', 'to[0]', 'these are: ops'],
  ['{ on: [review_due], to: [ops], accounts: [P12345687] }', 'accounts[0]', 'did you mean P12345678?'],
  [
    '{ on: [review_due], to: [ops], accounts: [T99999999] }',
    'accounts[0]',
    'is T99999999, which is not configured under accounts',
  ],
  ['{ on: [review_due], to: [ops], accounts: [acme] }', 'accounts[0]', 'must be P (production) or T (test)'],
  ['{ on: [review_due], to: [ops], account: P12345678 }', 'account', 'did you mean accounts?'],
])('the rule %s is refused', async (rule, key, message) => {
  const problems = await problemsFrom(yamlOf([SLACK], [rule]), { env });
  expect(problems[`notify.rules[0].${key}`]?.message).toContain(message);
  expect(problems[`notify.rules[0].${key}`]?.line).toBeGreaterThan(1);
});

test('all problems are told at once, an id that is given twice among them', async () => {
  const problems = await problemsFrom(yamlOf([SLACK, SLACK, 'no map'], ['{ on: [x], to: [y] }', 'no map']), { env });
  expect(Object.keys(problems)).toEqual([
    'notify.channels[1].id',
    'notify.channels[2]',
    'notify.rules[0].on[0]',
    'notify.rules[1]',
  ]);
});

test('a rule may name a merchant that a partner discovers', async () => {
  const partner = ['partners:', '  - { id: P11200000, clientId: p, clientSecret: "${SIGNING}", discover: true }'];
  const yaml = yamlOf([SLACK], ['{ on: [account_stale], to: [ops], accounts: [P11200001] }'], partner);
  expect((await configFrom(yaml, { env })).notify.rules[0]?.accounts).toEqual(['P11200001']);
});

test('settings that tell nobody, or tell everybody, are warnings', async () => {
  const yaml = yamlOf(
    [
      `{ id: ops, type: slack, url: "${URL}" }`,
      '{ id: spare, type: webhook, url: "http://siem.example.com", secret: "${SIGNING}" }',
      '{ id: mail, type: email, host: smtp.example.com, security: none, from: a@b.c, to: [d@e.f] }',
    ],
    ['{ on: [target_breached], to: [ops, mail] }'],
    [],
  );
  const { warnings } = await configFrom(yaml, { env });
  expect(warnings).toEqual([
    expect.stringMatching(/^notify\.channels\[0\]\.url \(line \d+\) is in plain text/),
    expect.stringMatching(/^notify\.channels\[1\] .*is in no rule/),
    expect.stringMatching(/^notify\.rules\[0\]\.on .*no status has a target/),
    expect.stringMatching(/^notify\.channels\[1\] .*without encryption/),
    expect.stringMatching(/^notify\.channels\[2\] .*without encryption/),
    expect.stringMatching(/^notify .*set server\.url/),
  ]);
  expect(warnings.join()).not.toContain('s3cret');
});
