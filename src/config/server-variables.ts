import { flag, host, hosts, integer, oneOf, origins } from './formats.ts';

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
  headersTimeout: {
    name: 'HEADERS_TIMEOUT',
    format: integer(1, 3600),
    default: '10',
    description: 'How long the head of a request may take to come, in seconds.',
  },
  requestTimeout: {
    name: 'REQUEST_TIMEOUT',
    format: integer(1, 3600),
    default: '30',
    description: 'How long a whole request, head and body, may take to come, in seconds.',
  },
  keepAliveTimeout: {
    name: 'KEEP_ALIVE_TIMEOUT',
    format: integer(1, 3600),
    default: '5',
    description: 'How long a connection may be idle between requests, in seconds.',
  },
  writeTimeout: {
    name: 'WRITE_TIMEOUT',
    format: integer(1, 3600),
    default: '30',
    description: 'How long a client may take to read what is sent, in seconds; one more for each 64 kB.',
  },
  maxConnections: {
    name: 'MAX_CONNECTIONS',
    format: integer(1, 1_000_000),
    default: '2000',
    description: 'How many connections a process has; a new one takes the place of the oldest idle one.',
  },
  maxPipelined: {
    name: 'MAX_PIPELINED',
    format: integer(1, 1000),
    default: '32',
    description: 'How many requests of one connection are answered at the same time; the others wait.',
  },
  maxUnsentBytes: {
    name: 'MAX_UNSENT_BYTES',
    format: integer(0, 1_073_741_824),
    default: '1048576',
    description: 'How many bytes a connection may have unsent before its next request is begun.',
  },
  allowedHosts: {
    name: 'ALLOWED_HOSTS',
    format: hosts,
    description:
      'The names that requests may be sent to, besides HOST and those of this machine; unset, only these where HOST is of this machine, else any.',
  },
  graphiql: {
    name: 'GRAPHIQL',
    format: flag,
    default: 'on',
    description: 'Whether browsers get GraphiQL at /graphql.',
  },
};
