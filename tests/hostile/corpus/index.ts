import { documents } from './documents.ts';
import { errors } from './errors.ts';
import { operations } from './operations.ts';
import type { Shape } from './shape.ts';
import { transport } from './transport.ts';
import { values } from './values.ts';

export type { HostileRequest, Shape } from './shape.ts';

/** Everything that is known to have made some server work for long, by its kind. */
export const corpus: Readonly<Record<string, readonly Shape[]>> = {
  documents,
  errors,
  operations,
  values,
  transport,
};
