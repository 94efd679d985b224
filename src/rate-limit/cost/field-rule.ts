import type { GraphQLArgument } from 'graphql';
import type { ArgumentPath } from '../policy.ts';

/** How many items a list has, as far as the schema tells. */
export interface ListRule {
  /** Where no slicing argument says it. */
  readonly assumedSize: number;
  readonly slicing: readonly SlicingArgument[];
  /** Whether exactly one slicing argument has to be given; none will do where one has a default. */
  readonly requiresOne: boolean;
  /** The fields of the returned type that have so many items; undefined: the list is the field itself. */
  readonly sizedFields: ReadonlySet<string> | undefined;
}

/** An argument, or an entry of one, whose value is the number of items. */
export interface SlicingArgument {
  readonly path: ArgumentPath;
  readonly argument: GraphQLArgument;
}

/** What a field costs by itself. */
export interface FieldRule {
  /** Of each object or value that it gives; what is negative only takes from the weight of arguments. */
  readonly weight: number;
  readonly isList: boolean;
  readonly list: ListRule;
  /** Whether any of its arguments weighs anything. */
  readonly hasWeightedArguments: boolean;
}
