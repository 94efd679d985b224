import { flag, integer, names, oneOf, pathOrOff, secondsOrOff } from './formats.ts';

/** How operations are run, and what one may be made of. */
export const operationVariables = {
  execution: {
    name: 'EXECUTION',
    format: oneOf('compiled', 'graphql-js'),
    default: 'compiled',
    description: 'How operations are executed: compiled from the second time on, or as graphql-js does it.',
  },
  documentTokens: {
    name: 'DOCUMENT_TOKENS',
    format: integer(100, 1_000_000),
    default: '10000',
    description: 'How many tokens the text of an operation may have, and how many values its variables.',
  },
  documentFields: {
    name: 'DOCUMENT_FIELDS',
    format: integer(10, 100_000),
    default: '2500',
    description: 'How many fields a document may have, those of a fragment counted wherever it is spread.',
  },
  documentAliases: {
    name: 'DOCUMENT_ALIASES',
    format: integer(0, 100_000),
    default: '250',
    description: 'How many of its fields may have an alias.',
  },
  documentDepth: {
    name: 'DOCUMENT_DEPTH',
    format: integer(10, 500),
    default: '100',
    description: 'How deep selection sets, brackets and the values of variables may be inside each other.',
  },
  introspection: {
    name: 'INTROSPECTION',
    format: flag,
    default: 'on',
    description:
      'Whether everybody may ask for the schema, and is told of names in it that are like a wrong one.',
  },
  introspectionTiers: {
    name: 'INTROSPECTION_TIERS',
    format: names,
    default: 'ADMIN',
    description: 'The tiers whose callers may even if INTROSPECTION is off.',
  },
  maxCost: {
    name: 'MAX_COST',
    format: integer(1, 1_000_000_000),
    default: '10000',
    description: 'What the operations of one request may cost together, by @cost and @listSize.',
  },
  maxValues: {
    name: 'MAX_VALUES',
    format: integer(1, 1_000_000_000),
    default: '50000',
    description: 'How many values the response may hold, each field of each object counted.',
  },
  costExtension: {
    name: 'COST_EXTENSION',
    format: flag,
    default: 'off',
    description:
      'Whether extensions.cost tells what an operation costs, and what is left of limits that count cost.',
  },
  batchLimit: {
    name: 'BATCH_LIMIT',
    format: integer(1, 100),
    default: '10',
    description: 'How many operations one HTTP request may hold.',
  },
  executionTimeout: {
    name: 'EXECUTION_TIMEOUT',
    format: secondsOrOff(3600),
    default: '10',
    description: 'How long the execution of an operation may take, in seconds; off: as long as it takes.',
  },
  responseLimit: {
    name: 'RESPONSE_LIMIT',
    format: integer(1024, 1_073_741_824),
    default: '16777216',
    description: 'The largest response body, in bytes, that of a batch as a whole included.',
  },
  trustedDocuments: {
    name: 'TRUSTED_DOCUMENTS',
    format: pathOrOff,
    default: 'off',
    description:
      'A manifest of documents, by GraphQL Codegen, Relay or Apollo, which clients name by their ids; it is read again when it changes.',
  },
  trustedDocumentsMode: {
    name: 'TRUSTED_DOCUMENTS_MODE',
    format: oneOf('only', 'prefer'),
    default: 'only',
    description: 'Whether the documents of TRUSTED_DOCUMENTS are the only ones that are run.',
  },
  apq: {
    name: 'APQ',
    format: flag,
    default: 'on',
    description: 'Whether clients may register documents by their SHA-256: automatic persisted queries.',
  },
  apqBytes: {
    name: 'APQ_BYTES',
    format: integer(65_536, 1_073_741_824),
    default: '16777216',
    description:
      'How many bytes registered documents may take in each store; one may take a sixty-fourth of it.',
  },
};
