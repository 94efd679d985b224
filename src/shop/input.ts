import { z } from 'zod';
import { badUserInput } from '../index.ts';
import { maxPageSize } from './queries/page.ts';

/** One line of text. Control characters have no place in it, and PostgreSQL refuses U+0000. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Must not be empty.')
    .max(max, `Must have at most ${max} characters.`)
    .regex(/^\P{Cc}*$/u, 'Must not contain control characters.');

const email = text(254).pipe(z.email('Must be an e-mail address.'));
/** Bounded, because hashing takes the longer the longer it is. */
const password = z.string().max(128, 'Must have at most 128 characters.');

export const newUserInput = z.object({
  name: text(100),
  email,
  password: password.min(8, 'Must have at least 8 characters.'),
});

/** Nobody can have signed up with anything else, so that nothing else is looked up, normalised or hashed. */
export const loginInput = z.object({ email, password });

export const productInput = z.object({
  name: text(200),
  price: z
    .number()
    .min(0, 'Must not be negative.')
    .max(1_000_000, 'Must be at most 1,000,000.')
    .refine((price) => Number(price.toFixed(2)) === price, 'Must have at most two decimals.'),
});

export const searchInput = z.object({ query: text(100) });

export const pageInput = z.object({
  first: z.number().min(1, 'Must be at least 1.').max(maxPageSize, `Must be at most ${maxPageSize}.`),
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'Must be the id of the last item before the page.')
    .transform(Number)
    .nullish()
    .transform((after) => after ?? undefined),
});

/** The input as the schema gives it. Throws BAD_USER_INPUT with every problem at once. */
export function check<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const { success, data, error } = schema.safeParse(input);
  if (success) return data;
  const fields: Record<string, string[]> = {};
  for (const { path, message } of error.issues) (fields[path.join('.')] ??= []).push(message);
  throw badUserInput(fields);
}
