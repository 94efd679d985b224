/** The methods of HTTP by which GraphQL is asked for. */
export const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** What `Allow` says where a method was not allowed: queries may be sent by any of ours, mutations by POST. */
export function allowedMethods(method: string | undefined): string {
  return methods.has(method ?? '') ? 'POST' : 'GET, HEAD, POST, OPTIONS';
}
