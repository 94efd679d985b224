import { type Body, codes, sendPlain } from '../../support/client.ts';
import { post } from '../../support/requests.ts';

/** How many requests of a crowd are under way to one process at a time: each has a socket of its own. */
const width = 64;

/** Sends an operation so often to each process, all at once. @returns how often there was each outcome */
export async function crowd(
  urls: readonly string[],
  times: number,
  query: string,
): Promise<Record<string, number>> {
  const outcomes = await Promise.all(urls.map((url) => sendOften(url, times, query)));
  const counts: Record<string, number> = {};
  for (const outcome of outcomes.flat()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function sendOften(url: string, times: number, query: string): Promise<string[]> {
  const outcomes: string[] = [];
  let left = times;
  const sendInTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      outcomes.push(await outcomeOf(url, query));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, times) }, sendInTurn));
  return outcomes;
}

/** The status of an answer, whether it has data, and the codes of its errors, such as `429 RATE_LIMITED`. */
export async function outcomeOf(url: string, query: string): Promise<string> {
  const { status, text } = await sendPlain(url, post({ query }));
  // What a GraphQL server answers with.
  const body = JSON.parse(text) as Body;
  const data = Object.values(body.data ?? {}).some((value) => value !== null) ? ['data'] : [];
  return [status, ...data, ...codes(body)].join(' ');
}
