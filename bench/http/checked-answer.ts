import { askFor } from './ask.ts';
import { isRejection, type Response, send, whatIsWrong } from './check.ts';
import type { Contender } from './contenders.ts';
import type { Operation } from './operations.ts';
import type { Scenario } from './scenarios.ts';

export interface Checked {
  readonly contender: Contender;
  readonly scenario: Scenario;
  readonly operation: Operation;
  readonly token: string;
}

/** How often a caller may ask for something where all is to be rejected after that. */
export const exhaustedLimit = 5;

let sent = 0;

/**
 * The answer of a server that has been asked before: from the cache where it has one, a rejection where limits are
 * exhausted.
 * @throws Error where it is not the answer that has to be given
 */
export async function checkedAnswer(
  url: string,
  { contender, scenario, operation, token }: Checked,
): Promise<Response> {
  const { isRejected = false } = scenario;
  const ask = askFor(operation, contender.style, token);
  for (let n = 0; n < (isRejected ? exhaustedLimit : 1); n += 1) await send(url, ask, `check-${sent++}`);
  const answer = await send(url, ask, `check-${sent++}`);
  const problem = isRejected ? whyNotRejected(answer) : whatIsWrong(answer, operation.data);
  if (problem === undefined) return answer;
  throw new Error(`${contender.label} does not answer "${scenario.name}" as it has to. ${problem}`);
}

function whyNotRejected(answer: Response): string | undefined {
  if (isRejection(answer)) return undefined;
  return `The limit is used up, but the status is ${answer.status}: ${answer.body}`;
}
