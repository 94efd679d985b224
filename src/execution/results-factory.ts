import type { CompiledField, Results } from './compiled.ts';

/**
 * Makes what makes the objects of a response. graphql-js's have no prototype, which to V8 are dictionaries and take
 * twice as long to be written as JSON. These are plain objects, whose layout V8 learns for each selection by itself.
 */
export function resultsFactory(fields: readonly CompiledField[]): () => Results {
  // Of a plain object this would be the prototype.
  if (fields.some(({ key }) => key === '__proto__')) return () => Object.create(null) as Results;
  function Results(): void {
    // What is in it is set field by field.
  }
  Results.prototype = Object.prototype;
  return () => new (Results as unknown as new () => Results)();
}
