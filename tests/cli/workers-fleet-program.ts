import cluster from 'node:cluster';
import { pino } from 'pino';
import { Fleet } from '../../src/cli/workers/fleet.ts';
import { toldToEnd } from '../../src/cli/workers/told-to-end.ts';

// A primary whose workers do nothing but what the first argument says, so that they start at once: those that "fail"
// end before they listen once one that listened has been killed, those that "hang" do not end when they are told to.
// The second argument is how long that is put up with, in milliseconds.
const [, , behaviour, patience] = process.argv;

if (cluster.worker === undefined) await lead();
else follow(cluster.worker.id);

async function lead(): Promise<void> {
  const log = pino(pino.destination(1));
  const broken = Promise.withResolvers<undefined>();
  const fleet = new Fleet({
    count: 2,
    log,
    patienceMs: Number(patience),
    onUp: () => {
      log.info('up');
      if (behaviour === 'fail') cluster.workers?.[2]?.process.kill('SIGKILL');
    },
    onBroken: ({ message }) => {
      log.info({ message }, 'broken');
      broken.resolve(undefined);
    },
  });
  const told = toldToEnd(() => {
    fleet.kill();
  });
  fleet.start();
  await Promise.race([told, broken.promise]);
  await fleet.end();
}

function follow(id: number): void {
  process.on('SIGINT', () => undefined);
  process.on('message', (order) => {
    if (order === 'drain' && behaviour !== 'hang') process.exit();
  });
  if (id > 2) process.exit(7);
  process.send?.({ url: 'http://nowhere' });
}
