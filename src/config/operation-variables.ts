import { integer, oneOf, secondsOrOff } from './formats.ts';

/** How operations are run, and what one may be made of. */
export const operationVariables = {
  execution: {
    name: 'EXECUTION',
    format: oneOf('compiled', 'graphql-js'),
    default: 'compiled',
    description: 'How operations are executed: compiled from the second time on, or as graphql-js does it.',
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
};
