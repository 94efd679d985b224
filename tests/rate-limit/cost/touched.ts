import {
  type DocumentNode,
  execute,
  getNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { placeOf } from '../../../src/rate-limit/plan/entries-at.ts';
import { hashed } from '../plan/random.ts';
import type { CostSchema } from './random-costs.ts';

/** What an execution has touched. */
export interface Touched {
  cost: number;
  /** What is in the data. */
  values: number;
  /** The cost of each field with all below it, by place and coordinate. */
  readonly byPlace: Map<string, number>;
  /** Whether there was an object that could have had another type. */
  hasChoice: boolean;
}

/** An object: its type, how long its lists are, and the fields that it is below of. */
interface Source {
  readonly __typename: string;
  readonly sized: readonly string[];
  readonly size: number;
  readonly above: readonly string[];
}

export interface TouchOptions {
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Tells one execution's choices of types, and lengths of lists, from another's. */
  readonly salt: string;
  /** Whether lists are as long as they can be. */
  readonly isFull: boolean;
}

/** Executes an operation with lists as long as the schema allows, and adds up what that touches, run by run. */
export function touch(
  schema: GraphQLSchema,
  { fields, weights }: CostSchema,
  document: DocumentNode,
  { operationName, variables, salt, isFull }: TouchOptions,
): Touched {
  const touched: Touched = { cost: 0, values: 0, byPlace: new Map(), hasChoice: false };

  function resolve(source: Source | undefined, args: { x?: number }, info: GraphQLResolveInfo): unknown {
    const coordinate = `${info.parentType.name}.${info.fieldName}`;
    const declared = fields.get(coordinate);
    if (declared === undefined) throw new TypeError(`Nobody knows ${coordinate}.`);
    const place = placeOf(info.path);
    const own = declared.size === 'x' ? (args.x ?? 0) : (declared.size ?? 1);
    const isSized = source?.sized.includes(info.fieldName) === true;
    const most = !declared.isList ? 1 : isSized ? source.size : Math.max(own, 1);
    const items = isFull || !declared.isList ? most : hashed(salt + place) % (most + 1);
    const above = [...(source?.above ?? []), `${place} ${coordinate}`];
    const objects = Array.from({ length: items }, (_, index): Source => {
      const __typename = typeOf(info, `${salt}${place}${index}`);
      return { __typename, sized: declared.sizedFields, size: own, above };
    });
    const ofItems = objects.map(({ __typename }) => declared.weight ?? weights.get(__typename) ?? 1);
    const isLeaf = isLeafType(getNamedType(info.returnType));
    const cost = isLeaf ? items * (declared.weight ?? 0) : ofItems.reduce((sum, each) => sum + each, 0);
    touched.cost += cost + declared.argument;
    touched.values += items + (declared.isList ? 1 : 0);
    for (const key of above) {
      touched.byPlace.set(key, (touched.byPlace.get(key) ?? 0) + cost + declared.argument);
    }
    const given = isLeaf ? objects.map(() => 1) : objects;
    return declared.isList ? given : given[0];
  }

  function typeOf({ returnType }: GraphQLResolveInfo, chance: string): string {
    const named = getNamedType(returnType);
    if (!isAbstractType(named)) return named.name;
    touched.hasChoice = true;
    const types = schema.getPossibleTypes(named);
    return types[hashed(chance) % types.length]?.name ?? '';
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (source: Source | undefined, args: { x?: number }, _context, info) =>
        resolve(source, args, info);
    }
  }
  const result = execute({ schema, document, operationName, variableValues: variables });
  if (result instanceof Promise || result.errors !== undefined) throw new Error('failed', { cause: result });
  touched.values += typenamesIn(result.data);
  return touched;
}

/** How many there are of `__typename`, which no resolver is called for. */
function typenamesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + typenamesIn(item), 0);
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return typenamesIn(Object.values(value));
}
