import type { ExecutionResult } from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import { clientError, type ErrorCode, located, placed, requestError } from '../errors.ts';
import type { ServerContext } from './context.ts';

type Reporter = Pick<ServerContext, 'log' | 'requestId'>;

/** The result with every unexpected error masked, and every other error with a code. */
export function presentErrors(result: ExecutionResult, reporter: Reporter): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => presentError(error, reporter)) };
}

/** An error as a client may see it. The cause of an unexpected one goes to the log under the request's id. */
export function presentError(error: unknown, reporter: Reporter): GraphQLError {
  if (!(error instanceof GraphQLError)) return mask(error, reporter);
  if (isAboutVariable(error)) return requestError(error, 'BAD_USER_INPUT');
  if (isUnexpected(error)) return mask(error, reporter);
  return error.extensions['code'] === undefined ? withCode(error, 'BAD_REQUEST') : located(error);
}

/** An error of a request that never became an operation, as a client may see it. */
export function presentRequestError(error: GraphQLError): GraphQLError {
  return requestError(error, isAboutVariable(error) ? 'BAD_USER_INPUT' : 'BAD_REQUEST');
}

function mask(error: unknown, { log, requestId }: Reporter): GraphQLError {
  const ofField = error instanceof GraphQLError ? error : undefined;
  log.error({ requestId, err: ofField?.originalError ?? error, path: ofField?.path }, 'unexpected error');
  const masked = clientError('INTERNAL_SERVER_ERROR', 'Internal server error.', { requestId });
  return ofField === undefined ? masked : placed(masked, ofField);
}

function withCode(error: GraphQLError, code: ErrorCode): GraphQLError {
  return placed(clientError(code, error.message, error.extensions), error);
}

/** Whether an error is a resolver's fault, or graphql-js's complaint about what a resolver returned: those have no code. */
function isUnexpected({ originalError, extensions, path }: GraphQLError): boolean {
  if (originalError != null && !(originalError instanceof GraphQLError)) return true;
  return path !== undefined && extensions['code'] === undefined;
}

/** graphql-js reports a variable that cannot be coerced at the variable's definition. */
function isAboutVariable({ nodes }: GraphQLError): boolean {
  return nodes?.length === 1 && nodes[0]?.kind === Kind.VARIABLE_DEFINITION;
}
