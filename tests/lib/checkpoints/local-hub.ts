/** A hub on this machine for a test file: started before all, stopped after all, without faults before each. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { standInRepos } from '@/scripts/hub/repos';
import { createStandIn, type Replacement, type StandInRepo } from '@/scripts/hub/stand-in';

/** 5 MB and a bit: more than one part, and no multiple of anything. */
export const LARGE_BYTES = 5 * 2 ** 20 + 12_345;
export const LARGE_REPO = 'lens/large';

export const PUBLISHED_WEIGHTS = resolve('../shared/weights');

export interface LocalHub {
  readonly hub: Replacement;
  /** Its address, once the tests run. */
  url: string;
  readonly large: Uint8Array;
}

export function startLocalHub(): LocalHub {
  const large = new Uint8Array(randomBytes(LARGE_BYTES));
  const extra: StandInRepo = { id: LARGE_REPO, licence: 'mit', files: new Map([['model.safetensors', large]]) };
  const local: LocalHub = {
    hub: createStandIn([...standInRepos(resolve('tests/golden'), PUBLISHED_WEIGHTS), extra]),
    url: '',
    large,
  };
  beforeAll(async () => {
    local.url = await local.hub.listen();
  });
  beforeEach(() => local.hub.setFaults({}));
  afterAll(() => local.hub.close());
  return local;
}
