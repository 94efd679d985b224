import { startOn, type ServerKind } from '../support/app.ts';
import { describeAccounts } from './accounts.contract.ts';
import { describeBadRequests } from './bad-requests.contract.ts';
import { describeCache } from './cache.contract.ts';
import { describeCallers } from './caller.contract.ts';
import { describeDraining } from './draining.contract.ts';
import { describeFront } from './front.contract.ts';
import { describeLimits } from './limits.contract.ts';
import { describeLoginLimits } from './login-limits.contract.ts';
import { describeMasking } from './masking.contract.ts';
import { describeOwnSchemas } from './own-schema.contract.ts';
import { describeProbes } from './probes.contract.ts';
import { describeResults } from './results.contract.ts';
import { describeSampleLimits } from './sample-limits.contract.ts';

/** What a client sees of an app, whichever server executes its operations. */
export function describeServer(kind: ServerKind): void {
  const start = startOn(kind);
  describeAccounts(start);
  describeBadRequests(start);
  describeCache(start);
  describeCallers(start);
  describeDraining(start);
  describeFront(start);
  describeLimits(start);
  describeLoginLimits(start);
  describeMasking(start);
  describeOwnSchemas(start);
  describeProbes(start);
  describeResults(start);
  describeSampleLimits(start);
}
