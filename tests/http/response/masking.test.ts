import { GraphQLError } from 'graphql';
import { type Logger, pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { conflict } from '../../../src/errors.ts';
import { ask, askByGet, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

interface LogLine {
  readonly msg: string;
  readonly requestId?: string;
  readonly path?: readonly string[];
  readonly err?: { readonly type: string; readonly message: string; readonly stack: string };
}

/** A log that writes into an array. */
function createLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line) as LogLine) });
  return { log, lines };
}

const typeDefs = 'type Query { a: Int b: Int c: [Int!]! }';

function throwSecret(): never {
  throw new Error('secret');
}

describeEngines((start) => {
  describe('an unexpected error', () => {
    it('is masked for the client, and logged with its cause under the id that the client sees', async () => {
      const { log, lines } = createLog();
      const { url } = await start({ typeDefs, resolvers: { Query: { a: throwSecret, b: () => 2 } }, log });
      const { status, headers, body } = await ask(url, '{ a b }');
      const requestId = headers.get('x-request-id');
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { a: null, b: 2 },
        errors: [
          {
            message: 'Internal server error.',
            path: ['a'],
            locations: [{ line: 1, column: 3 }],
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
          },
        ],
      });
      expect(JSON.stringify([body, [...headers]])).not.toContain('secret');
      expect(lines).toMatchObject([{ requestId, path: ['a'], err: { message: 'secret' } }]);
      expect(lines[0]?.err?.stack).toContain('throwSecret');
    });

    it.each([
      ['is thrown', throwSecret],
      ['is a rejection', () => Promise.reject(new Error('secret'))],
      ['is returned', () => new Error('secret')],
      [
        'is no Error',
        () => ({
          then: (_: unknown, reject: (reason: unknown) => void) => {
            reject('secret');
          },
        }),
      ],
      ['is about a value that is no list', () => 'secret'],
      ['is about a value that is no number', () => ['secret']],
      ['is about a value that is missing', () => [1, null]],
      ['is a GraphQLError without a code', () => Promise.reject(new GraphQLError('secret'))],
    ])('is masked where it %s', async (_title, c) => {
      const { log, lines } = createLog();
      const { url } = await start({ typeDefs, resolvers: { Query: { c } }, log });
      const { headers, body } = await ask(url, '{ c }');
      expect(body).toMatchObject({
        data: null,
        errors: [{ message: 'Internal server error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
      expect(JSON.stringify(body)).not.toContain('secret');
      expect(lines).toMatchObject([{ requestId: headers.get('x-request-id') }]);
    });

    it('of the context is masked, with 500', async () => {
      const { log, lines } = createLog();
      const { url } = await start({ typeDefs, context: throwSecret, log });
      const { status, headers, body } = await ask(url, '{ a }');
      const requestId = headers.get('x-request-id');
      expect(status).toBe(500);
      expect(body).toEqual({
        errors: [
          { message: 'Internal server error.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
        ],
      });
      expect(lines).toMatchObject([{ requestId, err: { message: 'secret' } }]);
    });

    it('outside of resolvers is masked, with 500', async () => {
      const { log, lines } = createLog();
      const { url } = await start({
        typeDefs: 'type Query { mine: Int @cacheControl(maxAge: 60, scope: PRIVATE) }',
        context: () => {
          throw new TypeError('secret');
        },
        log,
      });
      const { status, headers, body } = await ask(url, '{ mine }');
      const requestId = headers.get('x-request-id');
      expect({ status, body }).toEqual({
        status: 500,
        body: {
          errors: [
            { message: 'Internal server error.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
          ],
        },
      });
      expect(lines).toMatchObject([{ requestId, err: { type: 'TypeError' } }]);
    });

    it.each(['POST', 'GET'])('with a header field that cannot be sent is masked, by %s', async (method) => {
      const { log, lines } = createLog();
      const set = (_: unknown, _args: unknown, { headers }: RequestContext): number => {
        headers.set('X-Own', 'secret\r\nX-Other: 1');
        return 1;
      };
      const { url } = await start({ typeDefs, resolvers: { Query: { a: set } }, log });
      const reply = await (method === 'POST' ? ask(url, '{ a }') : askByGet(url, { query: '{ a }' }));
      expect(reply.status).toBe(500);
      expect(codes(reply.body)).toEqual(['INTERNAL_SERVER_ERROR']);
      expect(reply.body).not.toHaveProperty('data');
      expect(reply.headers.has('x-other')).toBe(false);
      expect(lines).toMatchObject([
        { requestId: reply.headers.get('x-request-id'), err: { type: 'TypeError' } },
      ]);
    });

    it('of one context leaves the other operations of a batch their answers', async () => {
      const { log } = createLog();
      const contexts = [throwSecret, () => ({})];
      const { url } = await start({ typeDefs, context: () => contexts.pop()?.() ?? {}, log });
      const { status, body } = await send(url, [{ query: '{ a }' }, { query: '{ a }' }]);
      expect(status).toBe(200);
      expect(body).toMatchObject([
        { data: { a: null } },
        { errors: [{ message: 'Internal server error.' }] },
      ]);
    });
  });

  describe('an error that is meant for clients', () => {
    it('is shown as it is, and not logged', async () => {
      const { log, lines } = createLog();
      const a = () => {
        throw conflict('Taken.');
      };
      const { url } = await start({ typeDefs, resolvers: { Query: { a } }, log });
      const { body } = await ask(url, '{ a }');
      expect(body.errors).toMatchObject([
        { message: 'Taken.', path: ['a'], extensions: { code: 'CONFLICT' } },
      ]);
      expect(lines).toEqual([]);
    });

    it('may come from the context, and has its status then', async () => {
      const context = () => {
        throw conflict('Taken.');
      };
      const { url } = await start({ typeDefs, context });
      const { status, body } = await ask(url, '{ a }');
      expect({ status, codes: codes(body) }).toEqual({ status: 409, codes: ['CONFLICT'] });
    });
  });
});
