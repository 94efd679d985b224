import { integer, oneOf } from './formats.ts';

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
};
