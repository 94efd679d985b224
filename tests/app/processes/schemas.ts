import { limited } from './limited-schema.ts';
import { written } from './written-schema.ts';

/** What the programs can serve. */
export const schemas = { limited, written };

export type SchemaName = keyof typeof schemas;
