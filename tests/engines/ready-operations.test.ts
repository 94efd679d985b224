import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createApolloEngine } from '../../src/engines/apollo.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createYogaEngine } from '../../src/engines/yoga.ts';
import { StageHolder } from '../../src/operation/stages.ts';
import { declare } from '../support/declared.ts';
import { runOptions } from '../support/run.ts';

const declared = declare('type Query { n(plus: Int = 0): Int }', {
  Query: { n: (_: unknown, { plus }: { plus: number }) => 1 + plus },
});
const { schema } = declared;
const { limitReporter, createContext, documents, findText, lifetimes } = runOptions(declared);

const servers: readonly (readonly [string, () => Engine | Promise<Engine>])[] = [
  [
    'Yoga',
    () =>
      createYogaEngine({
        schema,
        plugins: [],
        bodyLimit: 1000,
        documents,
        findText,
        limitReporter,
        statusFor: () => 200,
      }),
  ],
  ['Apollo Server', () => createApolloEngine({ schema, plugins: [] })],
];

describe.each(servers)('an operation that is ready, on %s', (_name, open) => {
  /** Executes a document under a text that is none, so that whoever parsed it again would fail. */
  const execute = async (server: Engine, source: string, query: string, variables = {}) => {
    const caller = { ip: '192.0.2.1', tiers: [] };
    const request = { requestId: 'r', method: 'POST', caller, requestCacheControl: undefined };
    const context = await createContext(
      request,
      new StageHolder({ kind: 'opened' }, lifetimes.openStream(request)),
    );
    return server.execute({ query, document: parse(source), operationName: undefined, variables }, context);
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
