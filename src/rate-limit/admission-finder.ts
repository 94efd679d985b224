import type { MaybePromise } from '@whatwg-node/promise-helpers';
import {
  type DocumentNode,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { Caller } from '../caller/caller.ts';
import type { Admission } from './admission.ts';
import type { CostPlanner } from './cost/index.ts';
import type { Limiter } from './limiter.ts';
import type { Planner } from './plan/index.ts';

/** What the limits read from a resolver's context. */
export interface LimitContext {
  readonly caller?: Caller;
  /** What the server knows of the operation. */
  readonly sluice?: {
    /** The decision on the operation, and what it is of; undefined where nobody has decided yet. */
    readonly decided:
      { readonly admission: Admission; readonly definition: OperationDefinitionNode } | undefined;
  };
}

interface Planners {
  readonly planner: Planner;
  readonly costPlanner: CostPlanner;
}

/** Stands for whoever runs operations on the bare schema without saying who asks. */
const nobody: Caller = { ip: 'local', tiers: ['ANONYMOUS'] };

/** Finds the decision that a field being resolved stands under. */
export class AdmissionFinder {
  readonly #limiter: Limiter;
  readonly #planners: () => Planners;
  /** By the coerced variables, an object that graphql-js makes anew for every execution. */
  readonly #byExecution = new WeakMap<object, MaybePromise<Admission>>();
  /** By the operation, of which many may run, and by the context, which their events share. */
  readonly #bySubscription = new WeakMap<object, WeakMap<object, Admission>>();

  /** @param planners make the plans for the schema that is executed, which is there once its fields are wrapped */
  constructor(limiter: Limiter, planners: () => Planners) {
    this.#limiter = limiter;
    this.#planners = planners;
  }

  /** The decision that was obtained before the execution: by the server, or for a subscription when it was opened. */
  given(context: LimitContext | undefined, info: GraphQLResolveInfo): Admission | undefined {
    const decided = context?.sluice?.decided;
    // A resolver may run operations of its own with this context, which may have fields in the same places.
    const isOfContext = isSame(decided?.definition, info.operation);
    const found = isOfContext
      ? decided?.admission
      : this.#bySubscription.get(info.operation)?.get(context ?? nobody);
    return found?.covers(info) === true ? found : undefined;
  }

  /**
   * The decision on a subscription that is being opened, kept for its events, each of which is an execution of its own.
   * Two that run the same document with the same context share the later decision.
   */
  async open(context: LimitContext | undefined, info: GraphQLResolveInfo): Promise<Admission> {
    const byContext = this.#bySubscription.get(info.operation) ?? new WeakMap<object, Admission>();
    this.#bySubscription.set(info.operation, byContext);
    byContext.delete(context ?? nobody);
    const admission = await this.obtain(context, info);
    byContext.set(context ?? nobody, admission);
    return admission;
  }

  /** The decision on the operation, which is judged here, as a whole, when its first limited field is resolved. */
  obtain(context: LimitContext | undefined, info: GraphQLResolveInfo): MaybePromise<Admission> {
    const { operation, fragments, variableValues } = info;
    const known = this.given(context, info) ?? this.#byExecution.get(variableValues);
    if (known !== undefined) return known;
    const document: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [operation, ...Object.values(fragments)],
    };
    const { planner, costPlanner } = this.#planners();
    const admission = this.#limiter.admit({
      plan: planner(document, operation).selections(variableValues),
      cost: this.#limiter.limits.someCountCost ? costPlanner(document, operation)(variableValues) : undefined,
      variables: variableValues,
      caller: context?.caller ?? nobody,
    });
    this.#byExecution.set(variableValues, admission);
    return admission;
  }
}

/** Caches have a copy of the operation executed, which keeps the place in the source that it was parsed from. */
function isSame(prepared: OperationDefinitionNode | undefined, executed: OperationDefinitionNode): boolean {
  return prepared === executed || (executed.loc !== undefined && prepared?.loc === executed.loc);
}

/** Whether a field belongs to an event of a subscription, which has been paid for when it was subscribed to. */
export function isOfEvent({ operation }: GraphQLResolveInfo): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}
