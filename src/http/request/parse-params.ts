import type { GraphQLError } from 'graphql';
import { clientError } from '../../errors.ts';
import type { GraphQLParams } from '../../operation/graphql-params.ts';
import { documentNameOf } from '../../persisted-documents/index.ts';

/** Reads the parameters of a POST. Unknown ones are ignored, as the specification asks. Throws BAD_REQUEST. */
export function paramsFromBody(body: unknown): GraphQLParams {
  if (!isObject(body))
    throw bad(`The request body must be a JSON object with the entry "query", not ${kindOf(body)}.`);
  const query = textOf('query', body['query']);
  const extensions = objectOf('extensions', body['extensions']);
  const named = documentNameOf({ documentId: body['documentId'], extensions });
  if (query === undefined && named === undefined) throw missingQuery();
  return {
    query,
    named,
    variables: objectOf('variables', body['variables']),
    operationName: textOf('operationName', body['operationName']),
    extensions,
  };
}

/** Reads the parameters of a GET. Throws BAD_REQUEST. */
export function paramsFromSearch(search: URLSearchParams): GraphQLParams {
  const names = ['query', 'documentId', 'operationName', 'variables', 'extensions'];
  const twice = names.find((name) => search.getAll(name).length > 1);
  if (twice !== undefined) throw bad(`The parameter "${twice}" stands in the URL twice. Send it once.`);
  return paramsFromBody({
    query: search.get('query'),
    documentId: search.get('documentId'),
    operationName: search.get('operationName'),
    variables: jsonOf('variables', search.get('variables')),
    extensions: jsonOf('extensions', search.get('extensions')),
  });
}

function jsonOf(name: string, text: string | null): unknown {
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw bad(`The parameter "${name}" is not valid JSON.`);
  }
}

function textOf(name: string, value: unknown): string | undefined {
  if (value == null || value === '') return undefined;
  if (typeof value !== 'string') throw bad(`"${name}" must be a string, not ${kindOf(value)}.`);
  return value;
}

function objectOf(name: string, value: unknown): Record<string, unknown> | undefined {
  if (value == null) return undefined;
  if (!isObject(value)) throw bad(`"${name}" must be a JSON object, not ${kindOf(value)}.`);
  return value;
}

function missingQuery(): GraphQLError {
  return bad('"query" is missing: send the GraphQL document to run.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of the type ${typeof value}`;
}

function bad(message: string): GraphQLError {
  return clientError('BAD_REQUEST', message);
}
