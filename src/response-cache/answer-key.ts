import { hash } from 'node:crypto';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../caller/caller.ts';

/** Changes when answers of earlier versions of this program can no longer be used. */
const version = 1;

/** Names a schema: answers outlive the process in some stores, and another schema gives others. */
export function schemaDigest(schema: GraphQLSchema): string {
  return digest([version, printSchemaWithDirectives(schema)]);
}

/** Names an operation of a schema, for keys. @param canonical the operation with its fragments, printed */
export function operationDigest(ofSchema: string, canonical: string): string {
  return digest([ofSchema, canonical]);
}

export interface KeyParts {
  /** See `operationDigest`. */
  readonly digest: string;
  /** The names of the variables that the operation declares, sorted. */
  readonly declared: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whose answer it is, where callers do not share it. */
  readonly owner: string | null;
}

/** Variables deeper than this are not told apart: they would take a stack of their own. */
const deepest = 100;

/**
 * The key of an answer. Variables that the operation does not declare make no difference.
 * @returns undefined where JSON does not tell the variables from others, so that their answers must not be kept
 */
export function answerKey({ digest: operation, declared, variables, owner }: KeyParts): string | undefined {
  const given = declared.filter((name) => Object.hasOwn(variables, name));
  if (given.length === 0 && owner === null) return operation;
  const texts = given.map((name) => canonicalText(variables[name], deepest));
  if (texts.includes(undefined)) return undefined;
  return digest([operation, given, texts, owner]);
}

/**
 * The JSON of a value with the keys of its objects in order. Lists keep theirs.
 * @param levels how deep the value may be
 * @returns undefined where others have the same: JSON has one text for 1e999 and null, and for -0 and 0
 */
function canonicalText(value: unknown, levels: number): string | undefined {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (levels === 0) return undefined;
  const isList = Array.isArray(value);
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of isList ? value.keys() : Object.keys(members).sort()) {
    const member = canonicalText(members[key], levels - 1);
    if (member === undefined) return undefined;
    text += isList ? `${member},` : `${JSON.stringify(key)}:${member},`;
  }
  return isList ? `[${text}]` : `{${text}}`;
}

/** Who owns a PRIVATE answer; null if the caller is nobody in particular. */
export function ownerOf({ userId, apiKeyId }: Caller): string | null {
  // An empty id names nobody: under it, all who have none would share their answers.
  const isNobody = [userId, apiKeyId].every((id) => id == null || id === '');
  return isNobody ? null : JSON.stringify([userId, apiKeyId]);
}

function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
