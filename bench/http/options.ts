import { parseArgs } from 'node:util';
import { contenderNames } from './contenders.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/** What of the bench is run, and for how long. */
export interface Options {
  readonly scenarios: readonly Scenario[];
  /** Whether the growths in process are measured too. */
  readonly growth: boolean;
  readonly rounds: number;
  /** How long a server is under load in a round, in seconds, after three to nine of warming up. */
  readonly seconds: number;
  /** The Markdown file that the tables go to. */
  readonly output: string;
}

const growth = 'growth';

export const usage = `npm run bench -- [options]
  --scenario NAMES  ${[...scenarios.map(({ name }) => name), growth].join(',')} (default: all)
  --servers NAMES   ${contenderNames.join(',')} (default: all)
  --rounds N        how often each server has its turn (default: 5)
  --seconds N       how long a turn is, after three to nine seconds of warming up (default: 5)
  --output PATH     where the tables are saved as Markdown (default: bench/results.md)`;

/** Reads the command line. @throws Error that names what is not known and what is */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string' },
      servers: { type: 'string', default: contenderNames.join() },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      output: { type: 'string', default: 'bench/results.md' },
    },
  });
  const known = [...scenarios.map(({ name }) => name), growth];
  const names = among('--scenario', values.scenario ?? known.join(), known);
  const servers = among('--servers', values.servers, contenderNames);
  return {
    scenarios: scenarios
      .filter(({ name }) => names.includes(name))
      .map((scenario) => ({
        ...scenario,
        servers: scenario.servers.filter((server) => servers.includes(server)),
      }))
      .filter((scenario) => scenario.servers.length > 0),
    growth: names.includes(growth),
    rounds: count('--rounds', values.rounds),
    seconds: count('--seconds', values.seconds),
    output: values.output,
  };
}

function among(option: string, list: string, known: readonly string[]): string[] {
  const names = list.split(',');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  throw new Error(`${option}: there is no ${unknown.join(', ')}. There are ${known.join(', ')}.`);
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 600) return value;
  throw new Error(`${option} is ${text}. It must be an integer from 1 to 600.`);
}
