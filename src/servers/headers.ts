/** The response header fields that scripts in browsers may read. */
export const exposedHeaders: readonly string[] = ['Cache-Status', 'Retry-After', 'X-Request-Id'];
