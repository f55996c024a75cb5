// X.509 certificates made while a test runs: Node can read them but not make them, and the openssl command is not
// everywhere. Only the fields that TLS needs (RFC 5280).
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export type Certificate = { key: string; cert: string };

type Signer = { name: string; key: KeyObject };
type Options = { host?: string; from?: string; until?: string; isAuthority?: boolean };

const SHA256_WITH_ECDSA = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const ALTERNATIVE_NAMES = '0603551d11';
const BASIC_CONSTRAINTS = '0603551d13';

/** A private authority, and a function that signs certificates for a host with it. */
export function createAuthority(name = 'a private authority') {
  const keys = newKeys();
  const signer = { name, key: keys.privateKey };
  return {
    certificate: certificate(name, keys, signer, { isAuthority: true }),
    sign: (options: Options): Certificate => certificate(options.host ?? 'localhost', newKeys(), signer, options),
  };
}

/** A certificate that is signed with its own key. */
export function createSelfSigned(host = 'localhost'): Certificate {
  const keys = newKeys();
  return certificate(host, keys, { name: host, key: keys.privateKey }, { host });
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function certificate(
  name: string,
  { publicKey, privateKey }: ReturnType<typeof newKeys>,
  signer: Signer,
  { host, from = '20200101000000Z', until = '21000101000000Z', isAuthority = false }: Options,
): Certificate {
  const extensions = [
    ...(host === undefined ? [] : [extension(ALTERNATIVE_NAMES, sequence(der(0x82, Buffer.from(host))))]),
    ...(isAuthority ? [extension(BASIC_CONSTRAINTS, sequence(Buffer.from('0101ff', 'hex')))] : []),
  ];
  const content = sequence(
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.from([1, ...crypto.getRandomValues(new Uint8Array(8))])),
    algorithm(),
    distinguishedName(signer.name),
    sequence(der(0x18, Buffer.from(from)), der(0x18, Buffer.from(until))),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(content).sign(signer.key);
  const bytes = sequence(content, algorithm(), der(0x03, Buffer.concat([Buffer.of(0), signature])));
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: [
      '-----BEGIN CERTIFICATE-----',
      ...(bytes.toString('base64').match(/.{1,64}/g) ?? []),
      '-----END CERTIFICATE-----\n',
    ].join('\n'),
  };
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));
const algorithm = () => sequence(Buffer.from(SHA256_WITH_ECDSA, 'hex'));
const extension = (id: string, value: Buffer) => sequence(Buffer.from(id, 'hex'), der(0x04, value));

function distinguishedName(name: string): Buffer {
  const attribute = sequence(Buffer.from(COMMON_NAME, 'hex'), der(0x0c, Buffer.from(name)));
  return sequence(der(0x31, attribute));
}

/** One element of DER: its tag, its length, its content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
