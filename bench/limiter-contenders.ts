import { isPromise } from '@whatwg-node/promise-helpers';
import { parse } from 'graphql';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { declareSchema } from '../src/app/declared-schema.ts';
import { createFindOperation } from '../src/operation/find-operation.ts';
import { Admission, createMemoryStore } from '../src/rate-limit/index.ts';
import { createMemoryStore as createAnswerStore } from '../src/response-cache/index.ts';
import { systemClock } from '../src/util/clock.ts';

/** Something that limits operations which ask for one field under several aliases. */
export interface Contender {
  /**
   * Runs so many operations, one after the other.
   * @param isRotating whether each comes from an address of its own
   * @returns how many were allowed as a whole
   */
  run(times: number, isRotating: boolean): Promise<number>;
}

const tiers = ['ANONYMOUS'];

/** Seconds: longer than a run takes. */
const duration = 3600;

function addressOf(n: number): string {
  return `203.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** The limiter of this project, in memory. */
export function openOurs(selections: number, limit: number): Contender {
  const store = createMemoryStore({ clock: systemClock });
  const typeDefs = `type Query { products: [Int] @rateLimit(limit: ${limit}, duration: ${duration}) }`;
  const declared = declareSchema(
    typeDefs,
    {},
    { answers: createAnswerStore({ clock: systemClock, maxBytes: 1 << 20 }), store, report: () => undefined },
  );
  const aliases = Array.from({ length: selections }, (_, n) => `a${n}: products`).join(' ');
  const operation = createFindOperation(declared)(parse(`{ ${aliases} }`), undefined);
  const { limiter } = declared;

  return {
    run(times, isRotating) {
      let allowed = 0;
      for (let n = 0; n < times; n += 1) {
        const caller = { ip: addressOf(isRotating ? n : 0), tiers };
        const plan = operation?.limitPlan.selections({});
        const admission = plan && limiter.admit({ plan, variables: {}, caller });
        if (!(admission instanceof Admission))
          throw new Error('Admission in memory has nothing to wait for.');
        if (!admission.isDenied) allowed += 1;
      }
      return Promise.resolve(allowed);
    },
  };
}

/** Its store alone, which like its peer is given keys. */
export function openStore(selections: number, limit: number): Contender {
  const store = createMemoryStore({ clock: systemClock });
  const charges = [{ bucket: 0, cost: 1, enforced: true }];
  const asked = Array.from({ length: selections }, () => ({ charges }));
  const rule = { limit, duration: duration * 1000 };

  return {
    run(times, isRotating) {
      let allowed = 0;
      for (let n = 0; n < times; n += 1) {
        const key = `Query.products:${addressOf(isRotating ? n : 0)}`;
        const decision = store.charge({
          buckets: [{ key, strategy: 'FIXED_WINDOW', rule }],
          selections: asked,
        });
        if (isPromise(decision)) throw new Error('A store in memory has nothing to wait for.');
        if (decision.denied.every((denied) => denied === undefined)) allowed += 1;
      }
      return Promise.resolve(allowed);
    },
  };
}

/** The memory limiter of rate-limiter-flexible. */
export function openTheirs(selections: number, limit: number): Contender {
  const limiter = new RateLimiterMemory({ points: limit, duration });
  const consume = async (key: string): Promise<boolean> => {
    try {
      await limiter.consume(key);
      return true;
    } catch {
      return false;
    }
  };

  // As execution does: root fields of a query side by side.
  const consumeAll = async (key: string): Promise<boolean> => {
    const each = await Promise.all(Array.from({ length: selections }, () => consume(key)));
    return each.every(Boolean);
  };
  const attempt = selections === 1 ? consume : consumeAll;

  return {
    async run(times, isRotating) {
      let allowed = 0;
      for (let n = 0; n < times; n += 1) {
        const key = `Query.products:${addressOf(isRotating ? n : 0)}`;
        if (await attempt(key)) allowed += 1;
      }
      return allowed;
    },
  };
}
