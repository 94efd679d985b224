import type { IncomingMessage } from 'node:http';
import type { Kysely } from 'kysely';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type App,
  type Application,
  type AppOptions,
  type Caller,
  type Config,
  createApp,
  type DenialEvent,
  loadConfig,
  type RequestContext,
} from '../../src/index.ts';

interface Tables {
  notes: { id: number; text: string };
}

const config = loadConfig();
const typeDefs = 'type Query { note: String }';

describe('the options of createApp', () => {
  it('are a schema and a configuration at least', () => {
    expectTypeOf(createApp({ config, typeDefs })).resolves.toExtend<App>();
    // @ts-expect-error there is nothing to serve
    void createApp({ config });
    // @ts-expect-error there is nothing to serve it by
    void createApp({ typeDefs });
  });

  it('take resolvers by type and field', () => {
    void createApp({ config, typeDefs, resolvers: { Query: { note: () => 'a' } } });
    // @ts-expect-error a list names no types
    void createApp({ config, typeDefs, resolvers: [] });
  });

  it('are no others than are declared', () => {
    // @ts-expect-error the option is called resolvers
    void createApp({ config, typeDefs, resolver: {} });
    // @ts-expect-error the hook is called onDenied
    void createApp({ config, typeDefs, onDeny: () => undefined });
    expectTypeOf<AppOptions<Tables>>().toExtend<Application<Tables>>();
  });
});

describe('an application with tables', () => {
  it('has them in its database, wherever that is handed out', () => {
    expectTypeOf<App<Tables>['db']>().toEqualTypeOf<Kysely<Tables>>();
    expectTypeOf<RequestContext<Tables>['db']>().toEqualTypeOf<Kysely<Tables>>();
    expectTypeOf(createApp<Tables>)
      .parameter(0)
      .toHaveProperty('seed')
      .exclude<undefined>()
      .parameter(0)
      .toEqualTypeOf<Kysely<Tables>>();
  });

  it('makes its context of the context that the server has', () => {
    void createApp<Tables>({
      config,
      typeDefs,
      context: (request) => {
        expectTypeOf(request).toEqualTypeOf<RequestContext<Tables>>();
        return { notes: request.db.selectFrom('notes') };
      },
    });
    // @ts-expect-error what is added to a context is an object
    void createApp({ config, typeDefs, context: () => 'a' });
  });
});

describe('the hooks of an application', () => {
  it('are told what they are asked about', () => {
    void createApp({
      config,
      typeDefs,
      identify(request, caller) {
        expectTypeOf(request).toEqualTypeOf<IncomingMessage>();
        expectTypeOf(caller).toEqualTypeOf<Caller>();
        return { ...caller, tiers: [...caller.tiers, 'PAID'] };
      },
      exempt(use) {
        expectTypeOf(use).toEqualTypeOf<{ caller: Caller; policy: string; coordinate: string }>();
        return use.caller.tiers.includes('PAID');
      },
      onDenied(event) {
        expectTypeOf(event).toEqualTypeOf<DenialEvent>();
        return `Wait for ${event.retryAfter} ms.`;
      },
    });
  });

  it('say what they are asked for', () => {
    // @ts-expect-error somebody asks
    void createApp({ config, typeDefs, identify: () => undefined });
    // @ts-expect-error limits do not wait to be told
    void createApp({ config, typeDefs, exempt: () => Promise.resolve(true) });
    // @ts-expect-error what a client is told is a text
    void createApp({ config, typeDefs, onDenied: () => 429 });
  });
});

describe('a configuration', () => {
  it('is read from texts, and is not to be written to', () => {
    expectTypeOf(loadConfig({ PORT: '0' })).toEqualTypeOf<Config>();
    expectTypeOf(loadConfig(process.env)).toEqualTypeOf<Config>();
    // @ts-expect-error the environment has texts only
    loadConfig({ PORT: 0 });
    // @ts-expect-error it is read-only
    config.server.port = 1;
  });
});
