import { envelop, type Plugin, useEngine, useSchema } from '@envelop/core';
import { buildSchema, execute, parse, specifiedRules, subscribe, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
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
