import type { Config } from '../config/config.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import { environment } from '../config/variables.ts';
import { writeOwnFile } from '../util/own-files.ts';

interface Output {
  readonly isTerminal: boolean;
  readonly print: (text: string) => void;
}

const standardOutput: Output = {
  isTerminal: process.stdout.isTTY,
  print: (text) => {
    console.log(text);
  },
};

/**
 * Tells of the first run, before anything else can fail: the key is kept nowhere. A terminal shows it. Elsewhere, where
 * the output may go into a log that many read, it is left in a file that is its owner's alone.
 */
export function tellFirstRun(
  adminKey: string,
  { database }: Pick<Config, 'database'>,
  { isTerminal, print }: Output = standardOutput,
): void {
  const lines = isTerminal
    ? [adminKey, 'not shown again; send it as X-API-Key']
    : leftInFile(adminKey, fileFor(database.url));
  const [first = '', second = ''] = lines;
  print(
    [
      'First run: the database has been made and filled with the sample data.',
      `  Admin API key   ${first}`,
      `                  ${second}`,
      '',
    ].join('\n'),
  );
}

function leftInFile(adminKey: string, path: string | undefined): string[] {
  if (path === undefined)
    return [
      'not shown, and gone with the database in memory',
      `to choose one set ${environment.adminKey.name}`,
    ];
  try {
    writeOwnFile(path, `${adminKey}\n`);
    return [`in ${path}`, 'take it from there and remove the file; send it as X-API-Key'];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      `could not be left in a file: ${reason}`,
      'make another one: sluice keys create NAME --tier ADMIN',
    ];
  }
}

/** Beside the SQLite file; where the data is elsewhere, beside the one that there would be. */
function fileFor(url: string): string | undefined {
  if (url === 'sqlite::memory:') return undefined;
  const file = isPostgresUrl(url) ? environment.databaseUrl.default : url;
  return `${file.slice('sqlite:'.length).trim()}-admin-key`;
}
