import type { Plugin } from '@envelop/core';
import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type Source,
  type SourceLocation,
} from 'graphql';
import type { Admit, Refusal } from './admit.ts';
import type { OperationContext } from './context.ts';

/** What envelop leaves untyped. */
interface TypedArguments {
  readonly contextValue: OperationContext;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
}

type Stop = (result: ExecutionResult) => void;

/** Admits operations that nobody has admitted yet: those of streams and uploads, which the server itself reads. */
export function useAdmission(admit: Admit): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      return enter(admit, args, 'execute', setResultAndStopExecution);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      return enter(admit, args, 'subscribe', setResultAndStopExecution);
    },
  };
}

function enter(
  admit: Admit,
  { contextValue: context, document, operationName, variableValues }: TypedArguments,
  how: 'execute' | 'subscribe',
  stop: Stop,
): MaybePromise<void> {
  if (context.progress.operation !== undefined) return undefined;
  const heed = (refusal: Refusal | undefined): void => {
    if (refusal !== undefined) stop({ errors: refusal.map((error) => asError(error, document.loc?.source)) });
  };
  const refusal = admit({ document, operationName, variables: variableValues }, context, how);
  if (isPromise(refusal)) return refusal.then(heed);
  heed(refusal);
  return undefined;
}

/** What envelop passes on has to be a GraphQLError, and Yoga makes it anew from its place in the source. */
function asError(error: GraphQLError | GraphQLFormattedError, source: Source | undefined): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const { message, path, extensions, locations = [] } = error;
  const positions = source && locations.map((location) => positionOf(source, location));
  return new GraphQLError(message, { path, extensions, source, positions });
}

/** The inverse of graphql-js's `getLocation`. */
function positionOf({ body }: Source, { line, column }: SourceLocation): number {
  const starts = [0, ...Array.from(body.matchAll(/\r\n|[\n\r]/g), ({ 0: end, index }) => index + end.length)];
  return (starts[line - 1] ?? 0) + column - 1;
}
