import {
  type FieldNode,
  type GraphQLError,
  type GraphQLOutputType,
  isNonNullType,
  locatedError,
  type ResponsePath,
  responsePathAsArray,
} from 'graphql';

/** Where in the response something is; undefined: at its root. */
export type Path = ResponsePath | undefined;

/** The errors of an execution, but for those of fields that an earlier one has removed from the response. */
export class FieldErrors {
  readonly errors: GraphQLError[] = [];
  // Made with the first error: most executions have none.
  #nulled: Set<Path> | undefined;

  /** Notes what went wrong with a field or an item, which is null then; throws the first of it where that must not be. */
  fail(
    raw: readonly unknown[],
    nodes: readonly FieldNode[],
    type: GraphQLOutputType,
    path: ResponsePath,
  ): null {
    const located = (error: unknown): GraphQLError => locatedError(error, nodes, responsePathAsArray(path));
    if (isNonNullType(type)) throw located(raw[0]);
    this.add(path, ...raw.map(located));
    return null;
  }

  /** @param path of what is null because of the errors; the same object as in the paths of what lies below it */
  add(path: Path, ...errors: readonly GraphQLError[]): void {
    this.#nulled ??= new Set();
    if (this.#isNulled(path, this.#nulled)) return;
    this.#nulled.add(path);
    this.errors.push(...errors);
  }

  #isNulled(path: Path, nulled: ReadonlySet<Path>): boolean {
    for (let at = path; at !== undefined; at = at.prev) if (nulled.has(at)) return true;
    return nulled.has(undefined);
  }
}
