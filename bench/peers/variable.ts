/** The value of an environment variable. @throws Error where it is not set */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set. Servers are started by "npm run bench".`);
  return value;
}
