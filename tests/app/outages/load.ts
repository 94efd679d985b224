import { type Body, codes, sendPlain } from '../../support/client.ts';
import { post } from '../../support/requests.ts';
import { until } from './outage-app.ts';

/** One request and what became of it. */
export interface Sample {
  readonly query: string;
  /** By performance.now(), in milliseconds. */
  readonly begun: number;
  readonly ended: number;
  readonly status: number | undefined;
  readonly codes: readonly unknown[];
}

/** Clients that ask without end. */
export interface Load {
  /** Resolves when so many more requests have been answered. */
  more(count: number): Promise<void>;
  /** Resolves when the last ones have been answered, to all of them. Rejects if one was not. */
  stop(): Promise<readonly Sample[]>;
}

/** Starts clients that each ask for one of the queries after the other. */
export function startLoad(url: string, queries: readonly string[], clients = 20): Load {
  const samples: Sample[] = [];
  let hasEnded = false;

  async function run(client: number): Promise<void> {
    for (let turn = client; !hasEnded; turn += 1) {
      const query = queries[turn % queries.length] ?? '';
      const begun = performance.now();
      // Lighter than fetch, whose own work would be most of what is measured.
      const { status, text } = await sendPlain(url, post({ query }));
      const ended = performance.now();
      samples.push({ query, begun, ended, status, codes: codes(JSON.parse(text) as Body) });
    }
  }

  const running = Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  return {
    async more(count) {
      const enough = samples.length + count;
      await Promise.race([until(() => samples.length >= enough, 20_000), running]);
    },
    async stop() {
      hasEnded = true;
      await running;
      return samples;
    },
  };
}

/** How long the longest took, in milliseconds. */
export function longestOf(samples: readonly Sample[]): number {
  return Math.max(...samples.map(({ begun, ended }) => ended - begun));
}
