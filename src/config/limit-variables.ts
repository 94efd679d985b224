import { flag, integer, oneOf, oneOfNumbers, path } from './formats.ts';
import { limits, oneLimit } from './limit-notation.ts';
import { limitOverrides } from './limit-overrides.ts';

/** How limits are put into effect, and what is told of them. */
export const limitVariables = {
  rateLimitMode: {
    name: 'RATE_LIMIT_MODE',
    format: oneOf('enforce', 'report', 'off'),
    default: 'enforce',
    description: 'Whether limits deny, are only counted and reported in the log, or are off.',
  },
  rateLimits: {
    name: 'RATE_LIMITS',
    format: limitOverrides,
    default: '{}',
    description: 'What takes the place of limits, by their names.',
  },
  rateLimitsFile: {
    name: 'RATE_LIMITS_FILE',
    format: path,
    description:
      'A file with the same as RATE_LIMITS, which counts for more; it is read again when it changes.',
  },
  metaLimit: {
    name: 'META_LIMIT',
    format: oneLimit,
    default: 'off',
    description: 'How many denials a caller may have before everything is denied.',
  },
  invalidRequestLimit: {
    name: 'INVALID_REQUEST_LIMIT',
    format: limits,
    default: '100 per minute',
    description: 'How many requests that never become an operation an address may send.',
  },
  pageLimit: {
    name: 'PAGE_LIMIT',
    format: limits,
    default: '60 per minute',
    description: 'How many times an address may ask for GraphiQL.',
  },
  memoryBuckets: {
    name: 'MEMORY_BUCKETS',
    format: integer(1, 16_000_000),
    default: '1000000',
    description: 'How many buckets are kept in memory; the least used go first.',
  },
  rateLimitHeaders: {
    name: 'RATE_LIMIT_HEADERS',
    format: oneOf('standard', 'legacy', 'both', 'none'),
    default: 'standard',
    description:
      'Which header fields tell of limits: RateLimit and RateLimit-Policy, X-RateLimit-*, both or none.',
  },
  rateLimitExtension: {
    name: 'RATE_LIMIT_EXTENSION',
    format: flag,
    default: 'off',
    description: 'Whether extensions.rateLimit tells of the limits of an answer.',
  },
  rejectStatus: {
    name: 'REJECT_STATUS',
    format: oneOfNumbers(429, 200),
    default: '429',
    description:
      'The HTTP status of an operation that limits reject, for clients that accept application/json.',
  },
};
