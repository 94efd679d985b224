import { ask } from './client.ts';

/** How much is left of a limit, as the API itself tells. */
export async function remaining(
  url: string,
  policy: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  const { body } = await ask(url, '{ rateLimits { policy remaining } }', { headers });
  const buckets = body.data?.['rateLimits'] as readonly { policy: string; remaining: number }[];
  return buckets.find((bucket) => bucket.policy === policy)?.remaining;
}
