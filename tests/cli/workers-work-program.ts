import cluster from 'node:cluster';

// A primary that knows nothing but how to start one worker, which serves, and to tell what this one reports.
if (cluster.worker === undefined) {
  cluster.fork().on('message', (report) => {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  });
} else {
  const { loadConfig } = await import('../../src/config/config.ts');
  const { work } = await import('../../src/cli/workers/work.ts');
  await work(loadConfig({ PORT: '0', DATABASE_URL: 'sqlite::memory:' }), cluster.worker);
}
