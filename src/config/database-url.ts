import type { Format } from './formats.ts';

/** `sqlite:` and a path, or a PostgreSQL connection URL. */
export const databaseUrl: Format<string> = {
  accepts: 'sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  parse: (text) => (isSqliteUrl(text) || isPostgresUrl(text) ? text : undefined),
};

// Elsewhere "sqlite://" begins a URL with two or three slashes: here the path would be another than the one meant.
function isSqliteUrl(text: string): boolean {
  return /^sqlite:(?!\/\/)./.test(text);
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text);
}

/** The same URL, with *** where PostgreSQL's drivers look for a password: after the user and in the parameters. */
export function maskPassword(text: string): string {
  if (!isPostgresUrl(text)) return text;
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  for (const name of [...url.searchParams.keys()]) {
    if (/password/i.test(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
