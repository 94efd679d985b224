import type { CompiledSelection, Results } from './compiled.ts';
import type { Execution, Path } from './execution.ts';
import { isPromise } from './is-promise.ts';

/** The results of a selection, all of whose fields are begun at once; a promise of them if there is one among them. */
export function executeFields(
  execution: Execution,
  { fields, createResults }: CompiledSelection,
  source: unknown,
  path: Path,
): Results | Promise<Results> {
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

/** The same for a mutation: no field is begun before the one before it is done. */
export function executeSerially(
  execution: Execution,
  { fields, createResults }: CompiledSelection,
  source: unknown,
): unknown {
  const begin = (results: Results, { key, execute }: CompiledSelection['fields'][number]): unknown => {
    const result = execute(execution, source, undefined);
    const keep = (value: unknown): Results => {
      results[key] = value;
      return results;
    };
    return isPromise(result) ? result.then(keep) : keep(result);
  };
  return fields.reduce<unknown>(
    (done, field) =>
      isPromise(done)
        ? done.then((results) => begin(results as Results, field))
        : begin(done as Results, field),
    createResults(),
  );
}

/** Also waits for what is there already, which keeps what happens at once in the order that graphql-js has it in. */
function settled(results: Results): Promise<Results> {
  return Promise.all(Object.values(results)).then((values) => {
    for (const [index, key] of Object.keys(results).entries()) results[key] = values[index];
    return results;
  });
}
