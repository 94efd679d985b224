import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/config.ts';
import { describeEnv, type EnvSource } from '../config/env.ts';
import { integer } from '../config/formats.ts';
import { migrateDatabase, seedDatabase } from './database.ts';
import { addKeyCommands } from './keys.ts';

const mostWorkers = 64;
const count = integer(1, mostWorkers);

/**
 * Runs a command line. What goes wrong is told in a line or two, and in the exit code. Commands load what they need
 * only: the servers take most of a second.
 */
export async function run(argv: readonly string[], env: EnvSource): Promise<void> {
  const program = new Command('sluice')
    .description('A GraphQL server whose rate limits and response cache are declared in its schema.')
    .showHelpAfterError();

  program
    .command('serve')
    .description('start the server')
    .option('-w, --workers <count>', 'how many processes serve the port, or auto', workerCount, 1)
    .action(async ({ workers }: { workers: number }) => {
      if (workers === 1) await (await import('./serve.ts')).serve(loadConfig(env));
      else await (await import('./workers/index.ts')).serveByWorkers(workers, env);
    });
  program
    .command('migrate')
    .description('bring the tables up to date that the server keeps for itself')
    .option('--shop', 'and those of the sample application', false)
    .action(({ shop }: { shop: boolean }) => migrateDatabase(loadConfig(env), shop));
  program
    .command('seed')
    .description('add the sample data that is missing')
    .action(() => seedDatabase(loadConfig(env)));
  program
    .command('config')
    .description('print the configuration in effect, with secrets masked')
    .action(() => {
      for (const [name, value] of Object.entries(describeEnv(env))) console.log(`${name}=${value}`);
    });
  program
    .command('limits')
    .description('print the limits in force')
    .action(async () => {
      (await import('./limits.ts')).printLimits(loadConfig(env));
    });
  addKeyCommands(program, () => loadConfig(env));

  try {
    await program.parseAsync(argv);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * How many workers `--workers` asks for; `auto` is one for each processor that this process may use.
 * @throws InvalidArgumentError with what is accepted, to which commander adds the option and the value
 * @internal
 */
export function workerCount(text: string): number {
  const found = text === 'auto' ? Math.min(availableParallelism(), mostWorkers) : count.parse(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Give ${count.accepts}, or auto for one for each processor.`);
}
