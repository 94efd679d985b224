/** What a client has sent. */
export interface Sent {
  readonly method: string;
  /** Whether the text of the document was in it. */
  readonly hasText: boolean;
  readonly status: number;
}

/** A `fetch` that remembers what it was used for. */
export function recordingFetch(): { readonly fetch: typeof fetch; readonly sent: readonly Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      const body = request.method === 'GET' ? undefined : await request.clone().text();
      const hasText =
        body === undefined
          ? new URL(request.url).searchParams.has('query')
          : 'query' in (JSON.parse(body) as object);
      const response = await fetch(request);
      sent.push({ method: request.method, hasText, status: response.status });
      return response;
    },
  };
}
