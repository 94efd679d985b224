import type { IncomingMessage } from 'node:http';
import { clientError } from '../../errors.ts';
import { memoize } from '../../util/memoize.ts';

/** Fields that no page may add to a request to another origin unless that allows it in the answer to a preflight. */
const preflightFields = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-preflight',
  'x-requested-with',
];

/** What the type of a body says of it. */
type Kind = 'json' | 'upload' | 'other';

const kindOf = memoize((contentType: string): Kind => {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json' || type === 'application/graphql+json') return 'json';
  return type === 'multipart/form-data' ? 'upload' : 'other';
});

/** Whether a POST is an upload by its Content-Type. */
export function isUpload({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const type = headers['content-type'];
  return method === 'POST' && type !== undefined && kindOf(type) === 'upload';
}

/**
 * Refuses a request that any page could have had its visitor's browser send without asking: a POST of a form, of plain
 * text or of nothing in particular. Bodies in JSON are asked for by a preflight, and so are those with one of some fields.
 * @throws GraphQLError PREFLIGHT_REQUIRED, or UNSUPPORTED_MEDIA_TYPE for what could not be read with the field either
 */
export function refuseForgery({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): void {
  if (method !== 'POST') return;
  const type = headers['content-type'];
  const kind = type === undefined ? 'other' : kindOf(type);
  if (kind === 'json') return;
  if (kind === 'other') {
    const found =
      type === undefined ? 'The request has no Content-Type' : `The Content-Type "${type}" is not supported`;
    throw clientError('UNSUPPORTED_MEDIA_TYPE', `${found}. Send "application/json".`);
  }
  if (preflightFields.some((name) => headers[name] !== undefined && headers[name] !== '')) return;
  throw clientError(
    'PREFLIGHT_REQUIRED',
    'An upload could come from any page that its sender visits. Send a header field with it that browsers have to ask ' +
      'for first, such as "GraphQL-Preflight: 1" or "Apollo-Require-Preflight: true".',
  );
}
