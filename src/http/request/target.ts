import { memoize } from '../../util/memoize.ts';

/** What a request is sent to. */
export interface Target {
  /** Undefined where it cannot be told. */
  readonly path: string | undefined;
  readonly search: URLSearchParams;
}

/** Reads the target of a request, `/graphql?query=…`. */
export const targetOf: (url: string) => Target = memoize((text) => {
  const url = URL.parse(text, 'http://localhost');
  return { path: url?.pathname, search: url?.searchParams ?? new URLSearchParams() };
});
