import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { clientError, requestError } from '../errors.ts';
import { type CoercedVariables, coerceVariables } from '../execution/index.ts';
import { type OperationCost, PlanTooLarge, SizeNotGiven } from '../rate-limit/index.ts';
import { type CostBounds, CostBudget } from './cost-budget.ts';
import type { FindOperation, Operation } from './find-operation.ts';
import { introspectionDisabled, type MayIntrospect, withoutSuggestion } from './introspection.ts';
import { subscriptionNeedsStream } from './not-acceptable.ts';
import { presentRequestError } from './present-errors.ts';
import type { IdentifiedRequest, Invalid, Prepared, ReadOperation } from './stages.ts';
import { type VariablesBounds, variablesTooLarge } from './variables-bounds.ts';

/** How a client wants the response: whole, or event by event, or piece by piece. */
export type Delivery = 'whole' | 'subscription' | 'stream';

/**
 * Prepares an operation: finds it in its document, coerces its variables, and finds out what it costs.
 * @param budget what it takes that from; by default one of its own
 */
export type Prepare = (
  read: ReadOperation,
  request: IdentifiedRequest,
  delivery: Delivery,
  budget?: CostBudget,
) => Prepared | Invalid;

export interface PrepareOptions {
  readonly schema: GraphQLSchema;
  readonly findOperation: FindOperation;
  readonly bounds: VariablesBounds & CostBounds;
  readonly mayIntrospect: MayIntrospect;
}

export function createPrepare({ schema, findOperation, bounds, mayIntrospect }: PrepareOptions): Prepare {
  return (read, request, delivery, budget = new CostBudget(bounds)) => {
    const operation = findOperation(read.document, read.operationName);
    if (operation === undefined) return invalid([unknownOperation(read.operationName)]);
    const misfit = misfitOf(operation, request.method, delivery);
    if (misfit !== undefined) return invalid([misfit]);
    const { introspection } = operation;
    if (introspection !== undefined && !mayIntrospect(request.caller)) {
      return invalid([introspectionDisabled(introspection)]);
    }
    const tooLarge = variablesTooLarge(read.variables, bounds);
    if (tooLarge !== undefined) return invalid([tooLarge]);
    const variables = coerceVariables(schema, operation.definition, read.variables);
    if (variables.errors !== undefined) {
      const { errors } = variables;
      const told = mayIntrospect(request.caller) ? errors : errors.map(withoutSuggestion);
      return invalid(told.map(presentRequestError));
    }
    const cost = costOf(operation, variables.values);
    if (cost instanceof GraphQLError) return invalid([cost]);
    const tooCostly = budget.take(cost);
    if (tooCostly !== undefined) return invalid([tooCostly]);
    return { kind: 'prepared', request, read, operation, variables, cost, isStream: delivery !== 'whole' };
  };
}

/** What an operation costs, or why that cannot be known. */
function costOf(
  { costOf: plan }: Operation,
  variables: CoercedVariables['values'],
): OperationCost | GraphQLError {
  try {
    return plan(variables);
  } catch (error) {
    if (!(error instanceof PlanTooLarge || error instanceof SizeNotGiven)) throw error;
    return clientError('GRAPHQL_VALIDATION_FAILED', error.message);
  }
}

export function invalid(errors: readonly GraphQLError[]): Invalid {
  return { kind: 'invalid', errors };
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  const message =
    name == null
      ? 'The document has several operations, or none. Say which one to run: operationName.'
      : `The document has no operation named "${name}".`;
  return requestError(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE');
}

/** Why an operation cannot be run in the way that the request asks for; undefined if it can. */
function misfitOf({ kind }: Operation, method: string, delivery: Delivery): GraphQLError | undefined {
  if (delivery !== 'subscription' && kind === OperationTypeNode.SUBSCRIPTION) {
    return subscriptionNeedsStream();
  }
  if (method !== 'POST' && kind === OperationTypeNode.MUTATION) {
    return clientError('METHOD_NOT_ALLOWED', `A ${kind} cannot be run by ${method}. Send it by POST.`);
  }
  return undefined;
}
