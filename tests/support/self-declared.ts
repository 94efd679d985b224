import type { AppOptions } from '../../src/app/create-app.ts';
import { aliased, ask } from './client.ts';

/** The hook `identify` that believes what a request says of its caller, in the header fields of `as`. */
export const selfDeclared: NonNullable<AppOptions['identify']> = ({ headers }, { ip }) => {
  const said = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
  return {
    ip: said('x-ip') ?? ip,
    userId: said('x-user'),
    apiKeyId: said('x-key'),
    tiers: said('x-tiers')?.split(',') ?? ['ANONYMOUS'],
  };
};

/** The header fields that make a request one of this caller. */
export function as(caller: Partial<Record<'ip' | 'user' | 'key' | 'tiers', string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(caller).map(([name, value]) => [`x-${name}`, value]));
}

/** How many of so many selections of a field are answered, by default of 12, in one operation. */
export async function answered(
  url: string,
  field: string,
  headers: Record<string, string> = {},
  count = 12,
): Promise<number> {
  const { body } = await ask(url, `{ ${aliased(count, field)} }`, { headers });
  return count - (body.errors ?? []).length;
}
