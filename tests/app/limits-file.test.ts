import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LimitsFile, watchLimitsFile } from '../../src/app/limits-file.ts';
import type { LimitOverrides } from '../../src/config/limit-overrides.ts';

const interval = 10;
const patience = { timeout: 10_000, interval };

const five = '{"products": "5 per minute"}';
const nine = '{"products": "9 per minute"}';

let folder: string;
let path: string;
let watched: LimitsFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  path = join(folder, 'limits.json');
  watched = [];
  writeFileSync(path, five);
});

afterEach(() => {
  for (const file of watched) file.close();
  rmSync(folder, { recursive: true });
});

function products(limit: number): LimitOverrides {
  return new Map([['products', [{ limit, duration: 60 }]]]);
}

function watch() {
  const onChange = vi.fn<(overrides: LimitOverrides) => void>();
  const onProblem = vi.fn<(message: string) => void>();
  const file = watchLimitsFile(path, { onChange, onProblem, interval });
  watched.push(file);
  return { file, onChange, onProblem };
}

async function told(listener: (value: never) => void, times = 1): Promise<void> {
  await vi.waitFor(() => {
    expect(listener).toHaveBeenCalledTimes(times);
  }, patience);
}

/** Touches the file, and waits for two ticks of a timer that came after those of whoever watches it: they have looked. */
async function touched(): Promise<void> {
  utimesSync(path, new Date(), new Date());
  const tick = vi.fn();
  const timer = setInterval(tick, interval);
  await vi.waitFor(() => {
    expect(tick.mock.calls.length).toBeGreaterThan(1);
  }, patience);
  clearInterval(timer);
}

describe('a limits file at the start', () => {
  it('says what takes the place of limits', () => {
    writeFileSync(path, '{\n  "Query.products": "10 per minute; 200 per day",\n  "products": null\n}\n');
    expect(watch().file.initial).toEqual(
      new Map([
        [
          'Query.products',
          [
            { limit: 10, duration: 60 },
            { limit: 200, duration: 86_400 },
          ],
        ],
        ['products', null],
      ]),
    );
  });

  it('is refused where it is missing', () => {
    rmSync(path);
    expect(watch).toThrow(`The limits file ${path} cannot be read: ENOENT: no such file or directory`);
  });

  it('is refused where it is a folder', () => {
    path = folder;
    expect(watch).toThrow(`The limits file ${path} cannot be read: EISDIR`);
  });

  it('is refused where it is wrong', () => {
    writeFileSync(path, '{"products": "5/s"}');
    expect(watch).toThrow(`The limits file ${path} is wrong.\n"products": "5/s" has the unknown unit "s".`);
  });

  it('is refused where it is empty', () => {
    writeFileSync(path, '');
    expect(watch).toThrow(`The limits file ${path} is wrong.\nIt is not JSON:`);
  });
});

describe('a limits file that changes', () => {
  it('is told when it is written over', async () => {
    const { onChange, onProblem } = watch();
    writeFileSync(path, nine);
    await told(onChange);
    expect(onChange).toHaveBeenCalledWith(products(9));
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('is told each time that another takes its place', async () => {
    const { onChange, onProblem } = watch();
    for (const [index, limit] of [9, 5, 7].entries()) {
      writeFileSync(`${path}.new`, `{"products": "${limit} per minute"}`);
      renameSync(`${path}.new`, path);
      await told(onChange, index + 1);
      expect(onChange).toHaveBeenLastCalledWith(products(limit));
    }
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('is told when a symbolic link above it is pointed elsewhere', async () => {
    for (const [name, text] of Object.entries({ old: five, new: nine })) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'limits.json'), text);
    }
    symlinkSync('old', join(folder, '..data'));
    path = join(folder, 'mounted.json');
    symlinkSync('..data/limits.json', path);
    const { file, onChange, onProblem } = watch();
    expect(file.initial).toEqual(products(5));

    symlinkSync('new', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await told(onChange);
    expect(onChange).toHaveBeenCalledWith(products(9));
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('is not told where it says the same as before', async () => {
    const { onChange, onProblem } = watch();
    await touched();
    writeFileSync(path, '{\n  "products": "5/minute"\n}');
    await touched();
    expect(onChange).not.toHaveBeenCalled();
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('is a problem, told once, while it is wrong', async () => {
    const { onChange, onProblem } = watch();
    writeFileSync(path, '{"products": "9 per');
    await told(onProblem);
    await touched();
    expect(onProblem).toHaveBeenCalledTimes(1);
    expect(onProblem.mock.lastCall?.[0]).toMatch(/^The limits file .+ is wrong\.\nIt is not JSON: /);
    expect(onProblem.mock.lastCall?.[0]).toMatch(/\nThe limits in force stay\.$/);
    expect(onChange).not.toHaveBeenCalled();

    writeFileSync(path, nine);
    await told(onChange);
    expect(onChange).toHaveBeenCalledWith(products(9));
    expect(onProblem).toHaveBeenCalledTimes(1);
  });

  it('is another problem where something else is wrong with it', async () => {
    const { onProblem } = watch();
    writeFileSync(path, '[]');
    await told(onProblem);
    writeFileSync(path, '{"products": 9}');
    await told(onProblem, 2);
    expect(onProblem.mock.lastCall?.[0]).toContain('"products": 9 is not a limit.');
  });

  it('is a problem while it is gone, and told when it is back, even as it was', async () => {
    const { onChange, onProblem } = watch();
    rmSync(path);
    await told(onProblem);
    expect(onProblem.mock.lastCall?.[0]).toMatch(
      /^The limits file .+ cannot be read: ENOENT[^]+\nThe limits in force stay\.$/,
    );
    writeFileSync(`${path}.new`, five);
    renameSync(`${path}.new`, path);
    await told(onChange);
    expect(onChange).toHaveBeenCalledWith(products(5));
    expect(onProblem).toHaveBeenCalledTimes(1);
  });

  it('is a problem where the limits that it names cannot be changed so', async () => {
    const { onChange, onProblem } = watch();
    onChange.mockImplementationOnce(() => {
      throw new Error('There is no limit "products".');
    });
    writeFileSync(path, nine);
    await told(onProblem);
    await touched();
    expect(onProblem.mock.calls).toEqual([
      [`The limits file ${path} cannot be used.\nThere is no limit "products".\nThe limits in force stay.`],
    ]);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('is not told any more once it is closed', async () => {
    const closed = watch();
    const open = watch();
    closed.file.close();
    writeFileSync(path, nine);
    await told(open.onChange);
    rmSync(path);
    await told(open.onProblem);
    expect(closed.onChange).not.toHaveBeenCalled();
    expect(closed.onProblem).not.toHaveBeenCalled();
  });
});
