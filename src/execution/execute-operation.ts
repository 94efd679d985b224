import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import {
  type CompiledField,
  type CompiledSelection,
  type Execution,
  haltOf,
  type Results,
} from './execution.ts';
import type { Path } from './field-errors.ts';
import { isPromise } from './is-promise.ts';

/** An operation, as far as its execution needs to know it. */
interface Selecting {
  /** What it asks of the root. Throws what is wrong with `@skip` and `@include` there. */
  select(execution: Execution): CompiledSelection;
}

/** Executes an operation: a result if no resolver made a promise, else a promise of one that is never rejected. */
export function executeOperation(
  compiled: Selecting,
  execution: Execution,
): ExecutionResult | PromiseLike<ExecutionResult> {
  const { operation, rootValue, errors, stop } = execution;
  if (stop?.reason !== undefined) return { errors: [stop.reason] };
  const fail = (error: unknown): ExecutionResult => {
    errors.add(undefined, error as GraphQLError);
    return respond(execution, null);
  };
  try {
    const selection = compiled.select(execution);
    const data =
      operation.operation === OperationTypeNode.MUTATION
        ? executeSerially(execution, selection, rootValue)
        : executeFields(execution, selection, rootValue, undefined);
    if (!isPromise(data)) return respond(execution, data);
    return data.then((done) => respond(execution, done), fail);
  } catch (error) {
    return fail(error);
  }
}

function respond(execution: Execution, data: Results | null): ExecutionResult {
  // What there is of it is not whole, and may look as if it were.
  const halt = haltOf(execution);
  if (halt !== undefined) return { errors: [halt] };
  const { errors } = execution.errors;
  return errors.length === 0 ? { data } : { errors, data };
}

/** The results of a selection, all of whose fields are begun at once; a promise of them if there is one among them. */
export function executeFields(
  execution: Execution,
  { fields, createResults, bytes }: CompiledSelection,
  source: unknown,
  path: Path,
): Results | Promise<Results> {
  execution.stop?.spend(bytes);
  const halt = haltOf(execution);
  if (halt !== undefined) throw halt;
  const results = createResults();
  let isPending = false;
  try {
    for (const { key, execute } of fields) {
      const result = execute(execution, source, path);
      results[key] = result;
      isPending ||= isPromise(result);
    }
  } catch (error) {
    if (!isPending) throw error;
    // Those that have been begun may fail as well, and somebody has to listen.
    return settled(results).finally(() => {
      throw error;
    });
  }
  return isPending ? settled(results) : results;
}

/** Also waits for what is there already, which keeps what happens at once in the order that graphql-js has it in. */
function settled(results: Results): Promise<Results> {
  return Promise.all(Object.values(results)).then((values) => {
    for (const [index, key] of Object.keys(results).entries()) results[key] = values[index];
    return results;
  });
}

/** The same for a mutation: no field is begun before the one before it is done. */
function executeSerially(
  execution: Execution,
  { fields, createResults }: CompiledSelection,
  source: unknown,
): Results | PromiseLike<Results> {
  const begin = (results: Results, { key, execute }: CompiledField): Results | PromiseLike<Results> => {
    if (execution.stop?.reason !== undefined) throw execution.stop.reason;
    const result = execute(execution, source, undefined);
    const keep = (value: unknown): Results => {
      results[key] = value;
      return results;
    };
    return isPromise(result) ? result.then(keep) : keep(result);
  };
  return fields.reduce<Results | PromiseLike<Results>>(
    (done, field) => (isPromise(done) ? done.then((results) => begin(results, field)) : begin(done, field)),
    createResults(),
  );
}
