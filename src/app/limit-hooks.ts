import type { IncomingMessage } from 'node:http';
import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import type { Exempt, OnDenied } from '../rate-limit/index.ts';

/** Where an application can have a say in who is limited, in its own code. */
export interface LimitHooks {
  /**
   * Says who asks, given what the server has found out: to add tiers, or to count by a tenant. A client error that it
   * throws refuses the request.
   */
  readonly identify?: ((request: IncomingMessage, caller: Caller) => MaybePromise<Caller>) | undefined;
  /** Whether a policy does not count a caller on a field; the coordinate is `schema` for limits of whole operations. */
  readonly exempt?: Exempt | undefined;
  /** Told of every denied selection. A text that it returns is what the client is told in place of our message. */
  readonly onDenied?: OnDenied | undefined;
}

/** The hooks that limits call while they decide. One that throws is logged, and decides nothing. */
export function safeHooks(
  { exempt, onDenied }: LimitHooks,
  log: Logger,
): Pick<LimitHooks, 'exempt' | 'onDenied'> {
  const safely = <Use, Result>(name: string, hook: (use: Use) => Result) => {
    const fail = (error: unknown): void => {
      log.error({ err: error }, `the hook ${name} failed`);
    };
    return (use: Use): Result | undefined => {
      try {
        const result: unknown = hook(use);
        if (!isPromise(result)) return result as Result;
        // Nothing can wait for what it says. It may be busy with something of its own.
        void result.then(undefined, fail);
      } catch (error) {
        fail(error);
      }
      return undefined;
    };
  };
  const safeExempt = exempt && safely('exempt', exempt);
  const safeOnDenied: OnDenied | undefined = onDenied && safely('onDenied', onDenied);
  return { exempt: safeExempt && ((use) => safeExempt(use) === true), onDenied: safeOnDenied };
}

/** Says who sends a request: whoever the application says, where it has a say. */
export function identifyBy(
  identify: (request: IncomingMessage) => MaybePromise<Caller>,
  hook: LimitHooks['identify'],
): (request: IncomingMessage) => MaybePromise<Caller> {
  if (hook === undefined) return identify;
  return async (request) => {
    const caller = await identify(request);
    // Code that is not typed may return anything.
    const named = (await hook(request, caller)) as Caller | undefined;
    if (named !== undefined) return named;
    throw new TypeError('The hook identify returned nothing. Return a caller, such as the one it is given.');
  };
}
