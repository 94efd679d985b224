/**
 * Something in a schema that cannot work.
 *
 * @example
 * ```ts
 * import type { SchemaProblem } from 'sluice';
 *
 * export const problem: SchemaProblem = {
 *   coordinate: 'Query.products',
 *   message: '@rateLimit(limit: 0): a limit is at least 1.',
 * };
 * ```
 */
export interface SchemaProblem {
  /** Where: a schema coordinate such as `Query.products`, or `schema`. */
  readonly coordinate: string;
  /** What was found, and the fix. */
  readonly message: string;
}

/**
 * Stops the start, with every problem at once.
 *
 * @example
 * ```ts
 * import { createApp, loadConfig, SchemaError } from 'sluice';
 *
 * try {
 *   await createApp({ config: loadConfig(), typeDefs: `type Query { a: Int @rateLimit(limit: 0) }` });
 * } catch (error) {
 *   if (!(error instanceof SchemaError)) throw error;
 *   console.error(error.message); // names Query.a, what was found, and the fix
 * }
 * ```
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';

  constructor(problems: readonly SchemaProblem[]) {
    super(
      ['The schema cannot be served:', ...problems.map((p) => `  ${p.coordinate}: ${p.message}`)].join('\n'),
    );
  }
}
