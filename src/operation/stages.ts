import type { DocumentNode, GraphQLError } from 'graphql';
import type { Caller } from '../caller/caller.ts';
import type { CoercedVariables } from '../execution/index.ts';
import type { Admission, OperationCost, Rejection } from '../rate-limit/index.ts';
import {
  type CachedExecution,
  type CacheOutcome,
  Findings,
  type Flight,
  type LookUp,
  type RequestCacheControl,
} from '../response-cache/index.ts';
import type { Operation } from './find-operation.ts';
import type { OperationLifetime, ResponseRoom } from './lifetimes.ts';

// The stages of an operation, each of which holds what is known by then:
// read → prepared → admitted → answered from the cache, or executing → executed.

/** What is known of a request before its operations are looked at. */
export interface IdentifiedRequest {
  readonly requestId: string;
  /** The HTTP method. */
  readonly method: string;
  readonly caller: Caller;
  /** What the client asks of the cache, where the caller may. */
  readonly requestCacheControl: RequestCacheControl | undefined;
  /** What the client is reached by; undefined where nobody waits. */
  readonly connection?: { readonly destroyed: boolean } | undefined;
  /** What the responses to the operations of a batch have together. */
  readonly room?: ResponseRoom | undefined;
}

/** An operation that somebody asks for, in a document that is valid. */
export interface ReadOperation {
  /** The text of the document. */
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation that cannot be run as it was sent. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly errors: readonly GraphQLError[];
}

/** An operation that can be run, of which everything is known but what its caller may. */
export interface Prepared {
  readonly kind: 'prepared';
  readonly request: IdentifiedRequest;
  readonly read: ReadOperation;
  readonly operation: Operation;
  readonly variables: CoercedVariables;
  /** What it costs, by `@cost` and `@listSize`. */
  readonly cost: OperationCost;
  /** Whether its response leaves piece by piece: such a one is neither kept nor given. */
  readonly isStream: boolean;
}

/** An operation that limits reject, so that nothing of it runs. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly rejection: Rejection;
  readonly admission: Admission;
}

/** An operation that limits have decided on, of which at least a part may be answered. */
export interface Admitted {
  readonly kind: 'admitted';
  readonly prepared: Prepared;
  readonly admission: Admission;
  /** The answer that was looked up together with the decision; undefined where none was. */
  readonly lookUp: LookUp | undefined;
}

/** An operation that is being executed. */
export interface Executing extends CachedExecution {
  readonly kind: 'executing';
  readonly prepared: Prepared;
  readonly admission: Admission;
  readonly flight: Flight | undefined;
  /** Whether it makes a fresh answer in place of one that has been given, and paid for, already. */
  readonly isRefresh: boolean;
}

/** What is executed of an operation once it is admitted. @param flight the answer that it makes, if anybody may keep one */
export function executingOf(
  { prepared, admission }: Pick<Admitted, 'prepared' | 'admission'>,
  flight?: Flight,
  isRefresh = false,
): Executing {
  const { changePlan: changes } = prepared.operation;
  return { kind: 'executing', prepared, admission, flight, changes, findings: new Findings(), isRefresh };
}

/** An operation of whose result the cache has made something. */
interface Executed {
  readonly kind: 'executed';
  readonly executing: Executing;
  readonly outcome: CacheOutcome;
}

/** An operation that an engine reads by itself, and that has not been prepared yet. */
interface Opened {
  readonly kind: 'opened';
}

/** What an operation with a context can have come to. */
export type Stage = Opened | Rejected | Executing | Executed;

/** Carries the stage of an operation through an engine: one object for all copies that engines make of a context. */
export class StageHolder {
  stage: Stage;
  /** How long the operation may go on. */
  readonly lifetime: OperationLifetime;

  constructor(stage: Stage, lifetime: OperationLifetime) {
    this.stage = stage;
    this.lifetime = lifetime;
  }

  /** Ends an operation by what limits say of the request, such as that there were too many that are no good. */
  reject(admission: Admission): void {
    const { rejection } = admission;
    if (rejection !== undefined) this.stage = { kind: 'rejected', rejection, admission };
  }

  get executing(): Executing | undefined {
    const { stage } = this;
    if (stage.kind === 'executed') return stage.executing;
    return stage.kind === 'executing' ? stage : undefined;
  }

  /** What the cache has made of the result; undefined where it had nothing to do with it, or nothing yet. */
  get outcome(): CacheOutcome | undefined {
    return this.stage.kind === 'executed' ? this.stage.outcome : undefined;
  }

  /** What limits have decided, whatever has come of it. */
  get admission(): Admission | undefined {
    return this.stage.kind === 'rejected' ? this.stage.admission : this.executing?.admission;
  }

  /** The decision and what it is of, as limited fields look for it. */
  get decided(): { readonly admission: Admission; readonly definition: Operation['definition'] } | undefined {
    const { executing } = this;
    return (
      executing && { admission: executing.admission, definition: executing.prepared.operation.definition }
    );
  }
}
