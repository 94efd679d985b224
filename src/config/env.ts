import { environment, type Variable } from './variables.ts';

/** Where variables come from: the environment of the process, or a test's own. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

type Environment = typeof environment;
type ValueOf<V> =
  V extends Variable<infer T> ? (V extends { readonly default: string } ? T : T | undefined) : never;

/** The value of every variable, by its key in the table. */
export type Env = { readonly [Key in keyof Environment]: ValueOf<Environment[Key]> };

/** Reads every variable. Throws one error that lists every wrong value; an empty text counts as unset. */
export function readEnv(source: EnvSource): Env {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries<Variable<unknown>>(environment)) {
    const text = textOf(variable, source);
    values[key] = text === undefined ? undefined : variable.format.parse(text);
    if (text !== undefined && values[key] === undefined) problems.push(problemWith(variable, text));
  }
  if (problems.length > 0) throw new Error(['The configuration is not valid.', ...problems].join('\n'));
  return values as Env;
}

function textOf(variable: Variable<unknown>, source: EnvSource): string | undefined {
  const text = source[variable.name];
  return text === undefined || text === '' ? variable.default : text;
}

function problemWith({ name, format, mask }: Variable<unknown>, text: string): string {
  const explanation = format.explain?.(text);
  if (explanation !== undefined) return `${name} cannot be used. ${explanation}`;
  const found = mask === undefined ? JSON.stringify(text) : `a value of ${text.length} characters`;
  return `${name} is ${found}. It must be ${format.accepts}.`;
}

/** The text in force for every variable by name, with secrets masked. Throws as `readEnv` does. */
export function describeEnv(source: EnvSource): Readonly<Record<string, string>> {
  readEnv(source);
  const lines = Object.values<Variable<unknown>>(environment).map((variable) => {
    const text = textOf(variable, source) ?? '';
    return [variable.name, text === '' ? text : (variable.mask?.(text) ?? text)] as const;
  });
  return Object.fromEntries(lines);
}

/** What the documentation says of a variable. */
interface EnvironmentTableRow {
  readonly name: string;
  readonly accepts: string;
  /** Undefined where an unset variable means something of its own, which the description tells. */
  readonly default: string | undefined;
  readonly description: string;
}

/**
 * The variables as the documentation lists them.
 * @internal
 */
export function environmentTable(): readonly EnvironmentTableRow[] {
  return Object.values<Variable<unknown>>(environment).map((variable) => ({
    name: variable.name,
    accepts: variable.format.accepts,
    default: variable.default,
    description: variable.description,
  }));
}
