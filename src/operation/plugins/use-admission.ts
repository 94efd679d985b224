import type { Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { withLocations } from '../../errors.ts';
import { mapMaybePromise } from '../../util/promises.ts';
import type { Admit } from '../admit.ts';
import type { OperationContext } from '../context.ts';
import type { Lifetimes } from '../lifetimes.ts';
import type { Delivery, Prepare } from '../prepare.ts';
import { type Admitted, executingOf, type Invalid, type Rejected } from '../stages.ts';

/** What envelop leaves untyped. */
interface TypedArguments {
  readonly contextValue: OperationContext;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
}

export interface AdmissionOptions {
  readonly prepare: Prepare;
  readonly admit: Admit;
  readonly lifetimes: Lifetimes;
}

type Stop = (result: ExecutionResult) => void;

/** Admits operations that nobody has admitted yet: those of streams and uploads, which the engine itself reads. */
export function useAdmission(options: AdmissionOptions): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      return enter(options, args, 'stream', setResultAndStopExecution);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      return enter(options, args, 'subscription', setResultAndStopExecution);
    },
  };
}

function enter(
  { prepare, admit, lifetimes }: AdmissionOptions,
  { contextValue: context, document, operationName, variableValues }: TypedArguments,
  delivery: Delivery,
  stop: Stop,
): MaybePromise<void> {
  if (context.sluice.stage.kind !== 'opened') return undefined;
  // The engine has the text.
  const read = { query: '', document, operationName, variables: variableValues ?? {} };
  const goOn = (stage: Admitted | Rejected | Invalid): void => {
    if (stage.kind === 'admitted') {
      context.sluice.stage = executingOf(stage);
      // A subscription goes on for as long as somebody listens.
      if (delivery === 'stream') lifetimes.limit(context.sluice.lifetime, stage.prepared);
      return;
    }
    if (stage.kind === 'rejected') context.sluice.stage = stage;
    const { errors } = stage.kind === 'rejected' ? stage.rejection : stage;
    stop({ errors: errors.map(asError) });
  };
  const prepared = prepare(read, context, delivery);
  if (prepared.kind === 'prepared') return mapMaybePromise(admit(prepared), goOn);
  goOn(prepared);
  return undefined;
}

/** What envelop passes on has to be a GraphQLError. */
function asError(error: GraphQLError | GraphQLFormattedError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const { message, path, extensions, locations } = error;
  return withLocations(new GraphQLError(message, { path, extensions }), locations);
}
