/** What of an HTTP request says which answers the client has. A `node:http` request fits. */
export interface ConditionalRequest {
  readonly method?: string | undefined;
  readonly headers: { readonly 'if-none-match'?: string | undefined };
}

/**
 * Whether the client has the answer with this entity tag already, so that 304 suffices: by `If-None-Match`, by weak
 * comparison (RFC 9110, 13.1.2 and 8.8.3.2), for GET and HEAD only. A field that is malformed anywhere counts as
 * missing. Takes time in proportion to its length.
 */
export function isNotModified({ method, headers }: ConditionalRequest, etag: string): boolean {
  const field = headers['if-none-match'];
  if (field === undefined || (method !== 'GET' && method !== 'HEAD')) return false;
  return field.trim() === '*' || listsTag(field, etag.replace(/^W\//, ''));
}

// An element of the list, with the comma after it; RFC 9110, 5.6.1 has recipients pass over empty ones. What stands
// between the quotes may be a comma, so the list cannot be split at commas.
const element = /[ \t]*(?:(?:W\/)?(?<opaque>"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/gy;

function listsTag(field: string, wanted: string): boolean {
  let isListed = false;
  let end = 0;
  for (const match of field.matchAll(element)) {
    end = match.index + match[0].length;
    if (match.groups?.['opaque'] === wanted) isListed = true;
  }
  return isListed && end === field.length;
}
