import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { migrate } from '../../../src/database/migrate.ts';
import { allMigrations, openTestDatabase } from '../../support/database.ts';
import { startFleet } from './fleet.ts';

/** An app that several processes serve from one data file. */
export interface SharedApp {
  /** One of each process. */
  readonly urls: readonly [string, string, string];
  /** Its path. */
  readonly dataFile: string;
}

/** Apps that three processes serve, in the order of the places where these share their answers. */
export interface Sharing {
  readonly apps: readonly SharedApp[];
  /** Ends the processes. @returns what they complained of */
  stop(): Promise<string[]>;
}

/** Starts three processes that share answers there: `sqlite` for a file beside the data, or a Redis URL. */
export async function startSharing(places: readonly string[]): Promise<Sharing> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const files = places.map((_, index) => join(folder, `${index}.db`));
  for (const file of files) await createTables(file);
  const environments = files.map((file, index) => environmentOf(file, places[index] ?? ''));
  const fleet = await startFleet(3, { schema: 'written', environments });
  return {
    apps: files.map((dataFile, index) => {
      const [one = '', other = '', third = ''] = fleet.urls.map((urls) => urls[index]);
      return { urls: [one, other, third], dataFile };
    }),
    async stop() {
      const complaints = await fleet.stop();
      rmSync(folder, { recursive: true });
      return complaints;
    },
  };
}

async function createTables(file: string): Promise<void> {
  await using database = openTestDatabase(`sqlite:${file}`);
  await migrate(database, allMigrations);
}

function environmentOf(dataFile: string, place: string): Record<string, string> {
  return {
    DATABASE_URL: `sqlite:${dataFile}`,
    RESPONSE_CACHE_STORE: place === 'sqlite' ? `sqlite:${dataFile}.answers` : place,
    STORE_PREFIX: basename(dataFile),
    // Tests ask far more often than the shop lets one address.
    RATE_LIMITS: JSON.stringify({ 'Mutation.createUser': null, 'Query.users': null }),
    // Long, because the machine may be busy with other tests.
    STORE_TIMEOUT: '10000',
  };
}
