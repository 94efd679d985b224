import { join } from 'node:path';

/** How a server is to be set up for a scenario. */
export interface Setting {
  /** A SQLite file of its own. */
  readonly database: string;
  /** How many uses each limited field allows a caller. */
  readonly limit: number;
  /** The window of the limits, in seconds. */
  readonly duration: number;
  readonly jwtSecret: string;
  /** The port of a Redis server. */
  readonly redisPort: number;
  /** What Sluice answers with. */
  readonly answer: { readonly status: number; readonly body: string };
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A server that takes part. */
export interface Contender {
  readonly label: string;
  readonly style: 'graphql' | 'rest';
  /** What tells a rejection from an answer: its status 429, or an error in the body. */
  readonly rejectsBy: 'status' | 'body';
  /** Whether it has one answer for everything, which is the one to what is asked most. */
  readonly isConstant?: boolean;
  /** The program, which writes its URL once it listens. */
  command(setting: Setting): Command;
}

const bench = join(import.meta.dirname, '..');
const main = join(bench, '../dist/main.js');

const contenders: Readonly<Record<string, Contender>> = {
  bare: {
    label: 'bare `node:http`',
    style: 'graphql',
    rejectsBy: 'status',
    isConstant: true,
    command: ({ answer }) => peer('bare', { STATUS: String(answer.status), BODY: answer.body }),
  },
  'sluice-yoga': sluice('Sluice on Yoga', { SERVER: 'yoga' }),
  'sluice-apollo': sluice('Sluice on Apollo', { SERVER: 'apollo' }),
  'sluice-unlimited': sluice('Sluice on Yoga, limits off', { RATE_LIMIT_MODE: 'off' }),
  'sluice-graphql-js': sluice('Sluice on Yoga, executed as graphql-js does it', { EXECUTION: 'graphql-js' }),
  'sluice-redis': {
    ...sluice('Sluice on Yoga, Redis stores', {}),
    command: (setting) => sluiceCommand(setting, { REDIS_URL: `redis://127.0.0.1:${setting.redisPort}` }),
  },
  yoga: graphql('Yoga + graphql-rate-limit-directive + @envelop/response-cache', 'yoga'),
  apollo: graphql('Apollo Server + graphql-rate-limit-directive + its response cache', 'apollo'),
  mercurius: graphql('Mercurius + graphql-jit + mercurius-cache, no limits', 'mercurius'),
  'mercurius-array': {
    ...graphql('Mercurius + graphql-jit on an array, no cache, no limits', 'mercurius'),
    command: (setting) => peer('mercurius', { ...settingVariables(setting), USERS: 'array' }),
  },
  flask: {
    label: 'Flask + Flask-Limiter + Flask-Caching, gunicorn',
    style: 'rest',
    rejectsBy: 'status',
    command: (setting) => ({ program: 'gunicorn', args: gunicornArgs, env: settingVariables(setting) }),
  },
};

/** The names of all servers. */
export const contenderNames = Object.keys(contenders);

/** The server of a name. @throws Error where there is none */
export function contenderOf(name: string): Contender {
  const contender = contenders[name];
  if (contender === undefined)
    throw new Error(`There is no server "${name}". There are ${contenderNames.join(', ')}.`);
  return contender;
}

/** One worker, for there is one core; threads, for without them it closes every connection. */
export const gunicornArgs: readonly string[] = [
  ...['--chdir', join(bench, 'peers/flask'), '--bind', '127.0.0.1:0'],
  ...['--workers', '1', '--worker-class', 'gthread', '--threads', '4', '--keep-alive', '5', 'app:app'],
];

function sluice(label: string, env: Command['env']): Contender {
  return {
    label,
    style: 'graphql',
    rejectsBy: 'status',
    command: (setting) => sluiceCommand(setting, env),
  };
}

function sluiceCommand(setting: Setting, env: Command['env']): Command {
  const { limit, duration, database, jwtSecret } = setting;
  const limited = ['address', 'Query.products', 'Query.user', 'Query.me', 'Mutation.createUser'];
  const limits = limited.map((name) => [name, `${limit} per ${duration} seconds`]);
  return {
    program: process.execPath,
    args: [main, 'serve'],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: `sqlite:${database}`,
      JWT_SECRET: jwtSecret,
      RATE_LIMITS: JSON.stringify(Object.fromEntries(limits)),
      ...env,
    },
  };
}

function graphql(label: string, file: string): Contender {
  return {
    label,
    style: 'graphql',
    rejectsBy: 'body',
    command: (setting) => peer(file, settingVariables(setting)),
  };
}

function peer(file: string, env: Command['env']): Command {
  return {
    program: process.execPath,
    args: [join(bench, 'peers', `${file}.ts`)],
    env: { NODE_ENV: 'production', ...env },
  };
}

function settingVariables({ database, limit, duration, jwtSecret }: Setting): Command['env'] {
  return {
    DATABASE: database,
    LIMIT: String(limit),
    DURATION: String(duration),
    JWT_SECRET: jwtSecret,
  };
}
