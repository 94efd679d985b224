import { type DocumentNode, type FieldNode, GraphQLError, Kind, visit } from 'graphql';
import type { Caller } from '../caller/caller.ts';
import { clientError, placed } from '../errors.ts';

/** Whether a caller may ask for the schema, and be told of names in it that are like a wrong one. */
export type MayIntrospect = (caller: Caller) => boolean;

export interface IntrospectionOptions {
  /** Whether everybody may. */
  readonly isOpen: boolean;
  /** The tiers whose callers may in any case. */
  readonly tiers: readonly string[];
}

export function createMayIntrospect({ isOpen, tiers }: IntrospectionOptions): MayIntrospect {
  return (caller) => isOpen || caller.tiers.some((tier) => tiers.includes(tier));
}

const fieldsOfSchema: ReadonlySet<string> = new Set(['__schema', '__type']);

/** Where an operation, in a document of its own, asks for the schema; undefined where it does not. */
export function introspectionIn(alone: DocumentNode): FieldNode | undefined {
  let found: FieldNode | undefined;
  visit(alone, {
    [Kind.FIELD](node) {
      if (fieldsOfSchema.has(node.name.value)) found ??= node;
    },
  });
  return found;
}

/** The error of whoever asks for the schema and may not: with the code and the reason that Apollo Server gives, for tools. */
export function introspectionDisabled(asked: FieldNode): GraphQLError {
  const error = clientError(
    'GRAPHQL_VALIDATION_FAILED',
    `Introspection is disabled, and the operation asks for "${asked.name.value}".`,
    { validationErrorCode: 'INTROSPECTION_DISABLED' },
  );
  return placed(error, new GraphQLError('', { nodes: asked }));
}

/** How graphql-js ends a message that tells of names in the schema. */
const beginning = ' Did you mean ';
const suggestion = /^ Did you mean (?:[a-z ]+ )?"[^"]*"(?:,? (?:or )?"[^"]*")*\?$/;

/** The error without the names in the schema that are like a wrong one. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const { message, extensions } = error;
  // Not by a search for the whole pattern: a message can quote what begins like that as often as a text has room for.
  const start = message.lastIndexOf(beginning);
  if (start === -1 || !suggestion.test(message.slice(start))) return error;
  return placed(new GraphQLError(message.slice(0, start), { extensions }), error);
}
