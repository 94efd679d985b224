/** Something in a schema that cannot work. */
export interface SchemaProblem {
  /** Where: a schema coordinate such as `Query.products`, or `schema`. */
  readonly coordinate: string;
  /** What was found, and the fix. */
  readonly message: string;
}

/** Stops the start, with every problem at once. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';

  constructor(problems: readonly SchemaProblem[]) {
    super(
      ['The schema cannot be served:', ...problems.map((p) => `  ${p.coordinate}: ${p.message}`)].join('\n'),
    );
  }
}
