// The meaning of connection errors: cause, advice, and whether the same request can succeed a moment later. Advice
// names settings that exist however the program is started: keys, variables of the environment.

/** The parts of an error that name its cause. Empty where it has none. */
export type Failure = { code: string; message: string; address: string };

/** `cause` completes "the request failed: …"; `advice` is one or more sentences. */
type Advice = { cause: string; advice: string; retryable: boolean };

/** The API's address as it can be configured: by the file, or without one. */
export const ADDRESS = 'api.baseUrl (or DINTERO_API_URL)';
const NEXT_RUN = 'The next run tries again.';
const CLOCK = "Compare this machine's clock with the time; if it is right, only the operator of the server can help.";
const TRUST = `If a proxy or a private authority signs it, put its certificate into NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or set NODE_OPTIONS=--use-system-ca if this system trusts it, and restart. Otherwise check ${ADDRESS}.`;
const PLAIN = `Correct the port or the https:// of ${ADDRESS}. If HTTPS_PROXY is set, it may need http:// in front.`;

const permanent = (cause: string, advice: string): Advice => ({ cause, advice, retryable: false });
const transient = (cause: string, advice: string): Advice => ({
  cause,
  advice: `${advice} ${NEXT_RUN}`,
  retryable: true,
});

/** Codes of certificates that no known authority has signed. */
const UNTRUSTED = /^(UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|CERT_UNTRUSTED)/;
/**
 * All other codes of TLS: of the certificate (X509 names of Node), of OpenSSL, and EPROTO for an alert of the server.
 */
const TLS =
  /^(CERT_|CRL_|ERROR_IN_C|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_|UNSPECIFIED|ERR_TLS_|ERR_SSL_|EPROTO)/;
/**
 * HTTP parser codes of a connection that ended too early or too late. All others stand for an answer against the rules.
 */
const CLOSED = /^HPE_(INVALID_EOF_STATE|CLOSED_CONNECTION)$/;
/** zlib's codes of compressed data that ended early. */
const SHORT = /^(Z_BUF_ERROR|ERR_STREAM_PREMATURE_CLOSE)$/;

const closed = transient(
  'the connection was closed before the answer was whole',
  'If this persists, look for a proxy or firewall with a time limit.',
);
const unreachable = transient('this machine has no route to <server>', "Check this machine's network and firewall.");
const forbidden = permanent(
  'this system forbids connections to <server>',
  'Check its firewall, and the restrictions of the container or unit.',
);
const tooManyFiles = transient(
  'this process may not open more files',
  'Raise its limit (ulimit -n; LimitNOFILE= in a systemd unit).',
);

/** By code of Node. `<server>` stands for host and port. */
const byCode: Record<string, Advice> = {
  ENOTFOUND: permanent(
    'there is no host of this name (<server>)',
    `Correct ${ADDRESS}, or the DNS of this machine. If HTTPS_PROXY is set, check its host too.`,
  ),
  EAI_AGAIN: transient('name resolution gives no answer for <server>', "Check this machine's DNS and network."),
  ECONNREFUSED: transient(
    'nothing listens at <server>',
    `Check host and port of ${ADDRESS}, and of HTTPS_PROXY if that is set.`,
  ),
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EACCES: forbidden,
  EPERM: forbidden,
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles,
  ECONNRESET: closed,
  EPIPE: closed,
};

/** Explains an error of a connection. `code` is that of Node, of its HTTP parser, of OpenSSL or of zlib. */
export function explainFailure(failure: Failure): Advice {
  const { code, message, address } = failure;
  if (UNTRUSTED.test(code)) {
    return permanent("this machine trusts no authority that signed the server's certificate", TRUST);
  }
  if (TLS.test(code)) return tlsAdvice(failure);
  if (CLOSED.test(code) || SHORT.test(code)) return closed;
  if (code.startsWith('HPE_')) return malformedAdvice(failure);
  if (code.startsWith('Z_')) {
    const advice = 'A proxy in between may do that, or the API itself; tell its operator.';
    return permanent('the compressed answer is damaged', advice);
  }
  if (code === 'ECONNRESET' && message.includes('hang up')) return noAnswerAdvice();
  const found = byCode[code] ?? transient('the connection failed', `Check that this machine reaches ${ADDRESS}.`);
  return { ...found, cause: found.cause.replace('<server>', address || 'the server') };
}

function noAnswerAdvice(): Advice {
  return transient(
    'the server closed the connection without an answer',
    `If this persists: ${ADDRESS} may begin with http:// where the server expects https://, or a firewall closes it.`,
  );
}

function tlsAdvice({ code, message }: Failure): Advice {
  if (code === 'CERT_HAS_EXPIRED') return permanent("the server's certificate has expired", CLOCK);
  if (code === 'CERT_NOT_YET_VALID') return permanent("the server's certificate is not valid yet", CLOCK);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return permanent(
      "the server's certificate is for another host name",
      `Write the name of the certificate into ${ADDRESS}.`,
    );
  }
  if (/wrong version number|packet length too long|http request/.test(message)) {
    return permanent('the server does not answer with TLS; it may expect plain HTTP', PLAIN);
  }
  if (/protocol version|unsupported protocol/.test(message)) {
    return permanent(
      'the server offers only versions of TLS that Node.js refuses',
      'It must offer TLS 1.2 or newer; tell its operator.',
    );
  }
  if (/certificate required|handshake failure/.test(message)) {
    const cause = 'the server refused the TLS handshake: no common cipher, or it asks for a client certificate';
    return permanent(cause, `cdd-sync sends none; check that ${ADDRESS} is the API.`);
  }
  if (/bad record mac|decrypt|internal error|unexpected eof/.test(message)) return closed;
  return permanent(
    `the TLS connection failed (${reasonOf(message)})`,
    `Check that ${ADDRESS} is the API, and tell its operator.`,
  );
}

function malformedAdvice({ code, message }: Failure): Advice {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const advice = 'NODE_OPTIONS=--max-http-header-size=65536 allows more. Cookies of a proxy may be the reason.';
    return permanent('the headers of the answer are larger than Node.js allows (16 KB)', advice);
  }
  if (code === 'HPE_INVALID_CONSTANT') {
    return permanent(
      'the answer is not HTTP/1.1',
      `Another service, or HTTP/2 without TLS, is at this port: correct ${ADDRESS}.`,
    );
  }
  const cause = `the answer breaks the rules of HTTP (${message.replace(/^Parse Error: /, '')})`;
  return permanent(cause, `A proxy in between may do that, or the server; check that ${ADDRESS} is the API.`);
}

/** OpenSSL's messages have the reason between colons: `error:0A000410:SSL routines:function:reason:file`. */
function reasonOf(message: string): string {
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.split(';')[0]?.trim().slice(0, 100) ?? '';
}
