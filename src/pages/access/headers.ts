/**
 * Headers of every answer. A page loads nothing from other hosts and runs no inline script or style; other sites may
 * neither embed nor read it; browsers and proxies do not keep it.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cache-control': 'no-store, private',
  // With no-referrer, browsers would send "Origin: null" with our own forms (isFromElsewhere).
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** For static files: their addresses change with their content. */
export const STATIC_CACHE = 'public, max-age=31536000, immutable';
