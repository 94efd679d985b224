import type { ServerResponse } from 'node:http';

/** Whether the server can take requests. */
export interface Readiness {
  /** Whether the database answers. Never rejects. */
  isDatabaseReachable(): Promise<boolean>;
  /** Whether the server is shutting down. */
  isDraining(): boolean;
}

/** `GET /health`: the process is alive. */
export function respondAlive(response: ServerResponse): void {
  write(response, 200, { status: 'ok' });
}

/** `GET /ready`: 200 when requests can be sent here, else 503 with the reason. */
export async function respondReady(response: ServerResponse, readiness: Readiness): Promise<void> {
  if (readiness.isDraining()) write(response, 503, { status: 'draining' });
  else if (await readiness.isDatabaseReachable()) write(response, 200, { status: 'ready' });
  else write(response, 503, { status: 'database not reachable' });
}

function write(response: ServerResponse, status: number, body: { status: string }): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
