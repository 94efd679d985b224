import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  type GraphQLLeafType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';

const strings: readonly GraphQLLeafType[] = [GraphQLString, GraphQLID];

/** What the response has for a value, which is not null, of a scalar or an enum. Throws if it cannot be serialised. */
export function compileLeaf(type: GraphQLLeafType): (value: unknown) => unknown {
  if (strings.includes(type)) return (value) => (typeof value === 'string' ? value : serialize(type, value));
  if (type === GraphQLInt)
    return (value) => (typeof value === 'number' && (value | 0) === value ? value : serialize(type, value));
  if (type === GraphQLFloat)
    return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : serialize(type, value));
  if (type === GraphQLBoolean)
    return (value) => (typeof value === 'boolean' ? value : serialize(type, value));
  return (value) => serialize(type, value);
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized != null) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
      `return non-nullable value, returned: ${inspect(serialized)}`,
  );
}
