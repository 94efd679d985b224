import { flag, host, integer, oneOf, origins } from './formats.ts';

/** Where and how the server listens. */
export const serverVariables = {
  host: {
    name: 'HOST',
    format: host,
    default: '127.0.0.1',
    description: 'The address that the server listens on; 0.0.0.0 or :: for all.',
  },
  port: {
    name: 'PORT',
    format: integer(0, 65_535),
    default: '4000',
    description: 'The TCP port that the server listens on; 0 for any that is free.',
  },
  server: {
    name: 'SERVER',
    format: oneOf('yoga', 'apollo'),
    default: 'yoga',
    description: 'The GraphQL server that executes operations; event streams and uploads are with yoga only.',
  },
  bodyLimit: {
    name: 'BODY_LIMIT',
    format: integer(1024, 104_857_600),
    default: '524288',
    description: 'The largest request body, in bytes.',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    format: origins,
    default: '*',
    description: 'The origins whose pages may read answers.',
  },
  compression: {
    name: 'COMPRESSION',
    format: flag,
    default: 'on',
    description:
      'Whether responses to queries of 1 kB and more are compressed by zstd, brotli or gzip, as clients accept it.',
  },
  drainTimeout: {
    name: 'DRAIN_TIMEOUT',
    format: integer(0, 300),
    default: '10',
    description: 'How long requests in flight may take to finish on shutdown, in seconds.',
  },
};
