/**
 * How much a server works for the costliest request of each kind that the corpus knows, as a multiple of one `products`
 * request in the same process. Each request comes from an address that has used nothing of its limits, with a text that
 * nobody knows, in sizes up to 1 MB. `--engine` and `--kind` choose among them.
 */
import { parseArgs } from 'node:util';
import { corpus, type Shape } from '../../tests/hostile/corpus/index.ts';
import { post } from '../../tests/hostile/corpus/shape.ts';
import { newAddress, send } from '../../tests/hostile/send.ts';
import type { RunningServer } from '../http/running-server.ts';
import { formatNumber, markdownTable } from '../http/table.ts';
import { median } from '../measure.ts';
import { cpuTimeOf } from '../soak/probed.ts';
import { startSluice } from '../soak/server.ts';
import { fillPages } from './data.ts';

const sizes = [1000, 4000, 16_000, 64_000, 250_000, 1_000_000];
const times = 3;
const warmUp = 3000;
const measured = 2000;
const most = 100;

interface Cost {
  readonly shape: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly cpu: number;
  readonly told: string;
  /** Of the response. */
  readonly answered: number;
}

const products = post({ query: '{ products(first: 100) { id name price } }' });
let salts = 0;

/** The milliseconds that one `products` request takes. */
async function unitOf(server: RunningServer): Promise<number> {
  for (let index = 0; index < warmUp; index += 1) await send(server.url, products, newAddress());
  const before = await cpuTimeOf(server);
  for (let index = 0; index < measured; index += 1) await send(server.url, products, newAddress());
  return ((await cpuTimeOf(server)) - before) / measured;
}

/** What the shape costs in the size in which it costs most. */
async function worstOf(server: RunningServer, shape: Shape): Promise<Cost> {
  const costs: Cost[] = [];
  for (const bytes of sizes) {
    const cost = await costOf(server, shape, bytes);
    costs.push(cost);
    // What takes a second already would take minutes.
    if (cost.cpu > 1000) break;
  }
  return costs.reduce((worst, cost) => (cost.cpu > worst.cpu ? cost : worst));
}

async function costOf(server: RunningServer, shape: Shape, bytes: number): Promise<Cost> {
  const cpus: number[] = [];
  let last = { told: '', bytes: 0 };
  for (let index = 0; index < times; index += 1) {
    salts += 1;
    const asked = shape.request(bytes, `s${salts}`);
    const before = await cpuTimeOf(server);
    last = await send(server.url, asked, newAddress());
    cpus.push((await cpuTimeOf(server)) - before);
  }
  return { shape: shape.name, bytes, cpu: median(cpus), told: last.told, answered: last.bytes };
}

async function run(engine: string, kinds: readonly string[]): Promise<boolean> {
  await using closers = new AsyncDisposableStack();
  const server = await startSluice({ closers, env: { SERVER: engine }, addData: fillPages });
  const unit = await unitOf(server);
  const costs: Cost[] = [];
  for (const shape of kinds.flatMap((kind) => corpus[kind] ?? [])) costs.push(await worstOf(server, shape));
  const rows = costs
    .toSorted((a, b) => b.cpu - a.cpu)
    .map(({ shape, bytes, cpu, told, answered }) => [
      shape,
      formatNumber(cpu / unit),
      formatNumber(cpu),
      formatNumber(bytes),
      formatNumber(answered),
      told,
    ]);
  console.log(`\n## ${engine}: one products request takes ${formatNumber(unit)} ms\n`);
  console.log(markdownTable(['shape', 'of products', 'CPU ms', 'bytes', 'bytes answered', 'told'], rows));
  return costs.every(({ cpu }) => cpu <= most * unit);
}

const { values } = parseArgs({ options: { engine: { type: 'string' }, kind: { type: 'string' } } });
const engines = values.engine === undefined ? ['yoga', 'apollo'] : [values.engine];
const kinds = values.kind === undefined ? Object.keys(corpus) : [values.kind];
for (const engine of engines) if (!(await run(engine, kinds))) process.exitCode = 1;
