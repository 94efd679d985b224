import { Agent, request } from 'node:http';
import { isExpected, requestOf, type SoakRequest } from './mix.ts';

/** Requests by what was answered, such as `rejected 429`. */
export type Tally = Map<string, number>;

const connections = 32;

/** Sends the requests of a soak, so many at a time as there are connections. */
export class Crowd {
  readonly #url: URL;
  readonly #tokens: readonly string[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  /** Of all requests so far. */
  readonly tally: Tally = new Map();
  #sent = 0;
  #unexpected = 0;

  constructor(url: string, tokens: readonly string[]) {
    this.#url = new URL('/graphql', url);
    this.#tokens = tokens;
  }

  /** How many requests were not answered as they may be. */
  get unexpected(): number {
    return this.#unexpected;
  }

  /** How many requests have been sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends the next requests until there have been so many, and resolves once all are answered. */
  async send(upTo: number): Promise<void> {
    const one = async (): Promise<void> => {
      while (this.#sent < upTo) await this.#ask(requestOf(this.#sent++, this.#tokens));
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(asked: SoakRequest): Promise<void> {
    const status = await this.#statusOf(asked);
    const name = `${asked.kind} ${status}`;
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
    if (!isExpected(asked.kind, status)) this.#unexpected += 1;
  }

  #statusOf({ headers, body }: SoakRequest): Promise<number> {
    return new Promise((resolve, reject) => {
      const asking = request(this.#url, { agent: this.#agent, method: 'POST', headers }, (response) => {
        response.resume().once('end', () => {
          resolve(response.statusCode ?? NaN);
        });
      });
      asking.once('error', reject);
      asking.setHeader('Content-Length', Buffer.byteLength(body));
      asking.end(body);
    });
  }
}
