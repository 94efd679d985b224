import { checkedAnswer, exhaustedLimit } from './checked-answer.ts';
import { contenderOf, type Setting } from './contenders.ts';
import { copyDatabase } from './database.ts';
import { startServer } from './running-server.ts';
import { operationsOf, type Scenario } from './scenarios.ts';
import type { Row } from './table.ts';
import { type Bench, takeTurn, type Turn } from './turn.ts';

/** What all scenarios are run with. */
export interface Surroundings extends Bench {
  /** The SQLite file that servers are given copies of. */
  readonly database: string;
  readonly jwtSecret: string;
  /** The port of a Redis server; 0 where there is none. */
  readonly redisPort: number;
  readonly rounds: number;
}

/** So many uses that nobody is denied. */
const unreachedLimit = 1_000_000_000;
/** Seconds: longer than a turn takes. */
const duration = 3600;

/**
 * Gives each server of a scenario its turn, as often as there are rounds.
 * @param tell is told of each turn
 */
export async function runScenario(
  scenario: Scenario,
  surroundings: Surroundings,
  tell: (line: string) => void,
): Promise<Row[]> {
  const { rounds, database } = surroundings;
  const answer = await answerOfSluice(scenario, surroundings);
  const rows = scenario.servers.map((server) => ({
    server,
    contender: contenderOf(server),
    turns: [] as Turn[],
  }));
  for (let round = 1; round <= rounds; round += 1) {
    // There and back: what a turn may leave behind for the next one does not always meet the same server.
    const inOrder = round % 2 === 1 ? rows : rows.toReversed();
    for (const { server, contender, turns } of inOrder) {
      const setting = { ...settingFor(scenario, surroundings), database: copyDatabase(database), answer };
      const turn = await takeTurn(contender, scenario, setting, surroundings);
      turns.push(turn);
      const perSecond = Math.round(turn.perSecond).toLocaleString('en');
      tell(`${scenario.name}, round ${round} of ${rounds}, ${server}: ${perSecond} requests/s`);
    }
  }
  return rows.map(({ server, contender: { label }, turns }) => ({ server, label, turns }));
}

function settingFor({ isRejected = false }: Scenario, { jwtSecret, redisPort }: Surroundings) {
  return { limit: isRejected ? exhaustedLimit : unreachedLimit, duration, jwtSecret, redisPort };
}

/** What Sluice answers to what is asked most. */
async function answerOfSluice(scenario: Scenario, surroundings: Surroundings): Promise<Setting['answer']> {
  const contender = contenderOf('sluice-yoga');
  const [operation] = operationsOf(scenario);
  if (operation === undefined) throw new Error(`The scenario "${scenario.name}" asks for nothing.`);
  const setting = {
    ...settingFor(scenario, surroundings),
    database: copyDatabase(surroundings.database),
    answer: { status: 0, body: '' },
  };
  const server = await startServer(contender.command(setting), surroundings.serverPrefix);
  try {
    const { token } = surroundings;
    return await checkedAnswer(server.url, { contender, scenario, operation, token });
  } finally {
    await server.stop();
  }
}
