import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createApolloEngine } from '../../src/engines/apollo.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createYogaEngine } from '../../src/engines/yoga.ts';
import { executingOf, StageHolder } from '../../src/operation/stages.ts';
import { declare } from '../support/declared.ts';
import { runOptions } from '../support/run.ts';

const declared = declare('type Query { n(plus: Int = 0): Int }', {
  Query: { n: (_: unknown, { plus }: { plus: number }) => 1 + plus },
});
const { schema } = declared;
const { limitReporter, createContext, prepare, admit, lifetimes } = runOptions(declared);

const servers: readonly (readonly [string, () => Engine | Promise<Engine>])[] = [
  ['Yoga', () => createYogaEngine({ schema, plugins: [], limitReporter })],
  ['Apollo Server', () => createApolloEngine({ schema, plugins: [] })],
];

describe.each(servers)('an operation that is ready, on %s', (_name, open) => {
  /** Executes a document under a text that is none, so that whoever parsed it again would fail. */
  const execute = async (server: Engine, source: string, query: string, variables = {}) => {
    const caller = { ip: '192.0.2.1', tiers: [] };
    const request = { requestId: 'r', method: 'POST', caller, requestCacheControl: undefined };
    const read = { query, document: parse(source), operationName: undefined, variables };
    const prepared = prepare(read, request, 'whole');
    const admitted = prepared.kind === 'prepared' ? await admit(prepared) : prepared;
    if (admitted.kind !== 'admitted') throw new Error(`It is ${admitted.kind}.`);
    const holder = new StageHolder(executingOf(admitted), lifetimes.open(admitted.prepared, false));
    return server.execute(read, await createContext(request, holder));
  };

  it('is not parsed again', async () => {
    const server = await open();
    expect(await execute(server, '{ n }', 'no GraphQL')).toMatchObject({ data: { n: 1 } });
    const withVariable = 'query ($plus: Int) { sum: n(plus: $plus) }';
    expect(await execute(server, withVariable, 'none either', { plus: 2 })).toMatchObject({
      data: { sum: 3 },
    });
    await server.dispose();
  });

  it('is the one that was read, also where many others were', async () => {
    const server = await open();
    for (let plus = 0; plus < 50; plus += 1) {
      const answer = await execute(server, `{ n(plus: ${plus}) }`, `text ${plus}`);
      expect(answer).toMatchObject({ data: { n: 1 + plus } });
    }
    await server.dispose();
  });
});
