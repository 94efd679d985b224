import { ask, codes } from '../../../support/client.ts';

/** An operation that is not valid. */
export const invalid = '{ nothing }';

/** The code of its answer, and the code once there were too many. */
export const [refused, denied] = ['GRAPHQL_VALIDATION_FAILED', 'RATE_LIMITED'];

/** Sends invalid operations one after the other; returns the codes of the answers. */
export async function invalidRequests(
  url: string,
  count: number,
  headers: Record<string, string> = {},
): Promise<unknown[]> {
  const found = [];
  for (let n = 0; n < count; n += 1) found.push(...codes((await ask(url, invalid, { headers })).body));
  return found;
}
