import {
  buildSchema,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getNamedType,
  getNullableType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { placeOf } from '../../../src/rate-limit/plan/entries-at.ts';
import type { Choose } from './every-choice.ts';

/** What happens when an operation runs. */
interface Execution {
  readonly result: ExecutionResult;
  /** Each limited field that a resolver ran for: its place, its coordinate and its arguments. */
  readonly asked: ReadonlySet<string>;
  /** Whether any of them stood several times in the document. */
  readonly merged: boolean;
}

export interface Spy {
  readonly schema: GraphQLSchema;
  run(
    document: DocumentNode,
    options: {
      readonly operationName: string;
      readonly variables: Readonly<Record<string, unknown>>;
      /** The type of the object in a place where it can be several. Lists hold one of each without it. */
      readonly choose?: Choose;
      /** Whether a field fails, by its place and coordinate. */
      readonly fails?: (identity: string) => boolean;
    },
  ): Execution;
}

/** What tells two selections apart while they are executed. */
export function identityOf({ place, coordinate }: { place: string; coordinate: string }): string {
  return `${place} ${coordinate}`;
}

export function describeAsked(identity: string, args: unknown): string {
  return `${identity} ${JSON.stringify(args)}`;
}

/** A schema over data without end, in which every list has objects and nothing is null. */
export function spyOn(definition: string, limited: ReadonlySet<string>): Spy {
  const schema = buildSchema(definition);
  let asked = new Set<string>();
  let merged = false;
  let options: Parameters<Spy['run']>[1];

  const objects = (info: GraphQLResolveInfo): unknown => {
    const type = getNullableType(info.returnType);
    const named = getNamedType(type);
    if (isLeafType(named)) return 1;
    const types = isAbstractType(named) ? schema.getPossibleTypes(named) : isObjectType(named) ? [named] : [];
    const chosen = types.length > 1 ? options.choose?.(placeOf(info.path), types) : undefined;
    const values = (chosen === undefined ? types : [chosen]).map(({ name }) => ({ __typename: name }));
    return isListType(type) ? values : values[0];
  };
  const resolve = (_source: unknown, args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown => {
    const coordinate = `${info.parentType.name}.${info.fieldName}`;
    const identity = identityOf({ place: placeOf(info.path), coordinate });
    if (limited.has(coordinate)) {
      asked.add(describeAsked(identity, args));
      if (info.fieldNodes.length > 1) merged = true;
    }
    if (options.fails?.(identity) === true) throw new Error('failed');
    return objects(info);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.resolve = resolve;
  }

  return {
    schema,
    run(document, given) {
      [asked, merged, options] = [new Set(), false, given];
      const { operationName, variables } = given;
      const result = execute({ schema, document, operationName, variableValues: variables });
      if (result instanceof Promise) throw new TypeError('Nothing here waits.');
      return { result, asked, merged };
    },
  };
}
