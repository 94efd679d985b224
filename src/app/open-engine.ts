import type { ApolloOptions } from '../engines/apollo.ts';
import type { Engine } from '../engines/engine.ts';
import type { YogaOptions } from '../engines/yoga.ts';
import { loadDriver } from '../util/load-driver.ts';

/** Opens the engine that is configured. Loading the other one would take longer than everything else at the start. */
export async function openEngine(
  kind: 'yoga' | 'apollo',
  options: ApolloOptions & YogaOptions,
): Promise<Engine> {
  if (kind === 'yoga') return (await import('../engines/yoga.ts')).createYogaEngine(options);
  const { createApolloEngine } = await loadDriver('@apollo/server', () => import('../engines/apollo.ts'));
  return createApolloEngine(options);
}
