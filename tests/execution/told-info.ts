import { getNamedType, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';

/** All that info says, in a way that two executions have in common. */
export function tellInfo(info: GraphQLResolveInfo): readonly unknown[] {
  const { path, rootValue, variableValues, fragments, ...rest } = info;
  const typenames: unknown[] = [];
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) typenames.push(at.typename);
  const named = getNamedType(info.returnType).name;
  return [
    responsePathAsArray(path).join('.'),
    typenames,
    Object.keys(info),
    named,
    { ...rest },
    { ...variableValues },
    Object.entries(fragments),
    typeof rootValue,
  ];
}
