import {
  type FieldNode,
  getArgumentValues,
  type GraphQLArgument,
  type GraphQLField,
  isNonNullType,
  Kind,
  valueFromAST,
  type ValueNode,
  visit,
} from 'graphql';
import type { Variables } from './coerce-variables.ts';

type Arguments = Record<string, unknown>;

/** Sets an argument; returns false where graphql-js has to say what it is, or what is wrong with it. */
type SetArgument = (values: Arguments, variables: Variables) => boolean;

/** Compiles what a field's arguments are in an execution with these variables. Throws as graphql-js does. */
export function compileArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (variables: Variables) => Arguments {
  if (field.args.length === 0) return () => ({});
  const nodes = new Map(node.arguments?.map((each) => [each.name.value, each.value]));
  const setters = field.args.map((argument) => compileArgument(argument, nodes.get(argument.name)));
  return (variables) => {
    const values: Arguments = {};
    for (const set of setters) {
      if (!set(values, variables)) return getArgumentValues(field, node, variables);
    }
    return values;
  };
}

function compileArgument(argument: GraphQLArgument, node: ValueNode | undefined): SetArgument {
  if (node === undefined) return leftOut(argument);
  if (node.kind === Kind.VARIABLE) return fromVariable(argument, node.name.value);
  const { name, type } = argument;
  const constant = hasVariables(node) ? undefined : valueFromAST(node, type);
  // Whoever is given an object may change it, so that it has to be made anew.
  if (typeof constant === 'object' ? constant === null : constant !== undefined) {
    return (values) => {
      values[name] = constant;
      return constant !== null || !isNonNullType(type);
    };
  }
  return (values, variables) => {
    values[name] = valueFromAST(node, type, variables);
    return values[name] !== undefined;
  };
}

function leftOut({ name, type, defaultValue }: GraphQLArgument): SetArgument {
  if (defaultValue === undefined) return () => !isNonNullType(type);
  return (values) => {
    values[name] = defaultValue;
    return true;
  };
}

function fromVariable(argument: GraphQLArgument, variable: string): SetArgument {
  const isRequired = isNonNullType(argument.type);
  const setDefault = leftOut(argument);
  return (values, variables) => {
    if (!Object.hasOwn(variables, variable)) return setDefault(values, variables);
    const value = variables[variable];
    values[argument.name] = value;
    return value !== undefined && !(value === null && isRequired);
  };
}

function hasVariables(node: ValueNode): boolean {
  let found = false;
  visit(node, {
    Variable() {
      found = true;
    },
  });
  return found;
}
