import { spawnSync } from 'node:child_process';
import { gunicornArgs } from './contenders.ts';
import { isOnPath } from './is-on-path.ts';

const packages = [
  'gunicorn',
  'python3-argon2',
  'python3-flask',
  'python3-flask-caching',
  'python3-flask-limiter',
  'python3-jwt',
];

/** What does not take part because something that it needs is not there, and why, in a sentence. */
export function missingServers(): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  if (!isOnPath('redis-server'))
    missing.set(
      'sluice-redis',
      'Sluice with Redis stores is left out: there is no redis-server on the PATH.',
    );
  if (!canServeFlask())
    missing.set(
      'flask',
      `Flask is left out: Debian's packages ${packages.join(', ')} provide what it needs.`,
    );
  return missing;
}

function canServeFlask(): boolean {
  if (!isOnPath('gunicorn')) return false;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATABASE: '', LIMIT: '1', DURATION: '1', JWT_SECRET: '' };
  return spawnSync('gunicorn', ['--check-config', ...gunicornArgs], { env }).status === 0;
}
