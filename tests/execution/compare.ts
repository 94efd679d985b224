import { execute, type ExecutionArgs, type GraphQLSchema, parse } from 'graphql';
import { expect } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';
import { tell, type Told } from './told.ts';

export type Given = Omit<ExecutionArgs, 'schema' | 'document'> & {
  /** What is executed, instead of what it is compared with, where that does not tell. */
  readonly expected?: (args: ExecutionArgs) => unknown;
};

/** Executes an operation compiled and by graphql-js, expects the same of both, and tells it. */
export async function compare(schema: GraphQLSchema, source: string, given: Given = {}): Promise<Told> {
  const { expected = execute, ...rest } = given;
  const args = { schema, document: parse(source), ...rest };
  const compiled = createExecute(schema);
  compiled(args, () => 'the first time');
  const told = await tell((each) => compiled(each, neverLeft), args);
  expect(told).toEqual(await tell(expected, args));
  return told;
}

function neverLeft(): never {
  throw new Error('The operation has not been compiled.');
}
