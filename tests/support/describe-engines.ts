import { describe } from 'vitest';
import { type Start, startApp } from './app.ts';

export const engines = ['yoga', 'apollo'] as const;
export type EngineKind = (typeof engines)[number];

/** The same tests on each of the engines: `start` starts an app on it. */
export function describeEngines(tests: (start: Start, engine: EngineKind) => void): void {
  describe.each(engines)('on %s', (engine) => {
    tests(startOn(engine), engine);
  });
}

/** `startApp` with the engine chosen. */
export function startOn(engine: EngineKind): Start {
  return ({ env = {}, ...options } = {}) => startApp({ ...options, env: { SERVER: engine, ...env } });
}
