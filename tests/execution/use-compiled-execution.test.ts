import { envelop, type Plugin, useEngine, useSchema } from '@envelop/core';
import { buildSchema, execute, getOperationAST, parse, specifiedRules, subscribe, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CoercedVariables } from '../../src/execution/coerce-variables.ts';
import { useCompiledExecution } from '../../src/execution/use-compiled-execution.ts';

const schema = buildSchema('type Query { a: Int }');

/** What executes an operation, time after time, in a pipeline with a plugin after the compiler's. */
function executors(times: number): string[] {
  const seen: string[] = [];
  const engine: typeof execute = (args) => {
    seen.push('engine');
    return execute(args);
  };
  const wrapping: Plugin = {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args): unknown => {
        seen.push('wrapped');
        return executeFn(args);
      });
    },
  };
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, specifiedRules, execute: engine, subscribe }),
      useSchema(schema),
      useCompiledExecution(schema),
      wrapping,
    ],
  });
  const document = parse('{ a }');
  for (let count = 0; count < times; count += 1) {
    const result: unknown = getEnveloped({}).execute({ schema, document, rootValue: { a: 1 } });
    expect(result).toEqual({ data: { a: 1 } });
  }
  return seen;
}

describe('the plugin', () => {
  it('executes what the engine has executed once, inside of what later plugins do', () => {
    expect(executors(3)).toEqual(['wrapped', 'engine', 'wrapped', 'wrapped']);
  });
});

describe('variables that the plugin is told of', () => {
  it('are those that were coerced for the context of the execution', () => {
    interface Context {
      readonly coerced?: CoercedVariables;
    }
    const schema = buildSchema('type Query { a(x: Int): Int }');
    const getEnveloped = envelop({
      plugins: [
        useEngine({ parse, validate, specifiedRules, execute, subscribe }),
        useSchema(schema),
        useCompiledExecution<Context>(schema, { coercedOf: ({ coerced }) => coerced }),
      ],
    });
    const document = parse('query($x: Int) { a(x: $x) }');
    const definitions = getOperationAST(document)?.variableDefinitions;
    const variableValues = { x: 1 };
    const rootValue = { a: ({ x }: { x: number }) => x };
    const run = (contextValue: Context): unknown =>
      getEnveloped({}).execute({ schema, document, rootValue, variableValues, contextValue });
    expect(run({})).toEqual({ data: { a: 1 } });
    expect(run({ coerced: { values: { x: 7 }, definitions, raw: variableValues } })).toEqual({
      data: { a: 7 },
    });
    expect(run({})).toEqual({ data: { a: 1 } });
  });
});
