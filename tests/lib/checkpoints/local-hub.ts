/** A hub on this machine for a test file: started before all, stopped after all, without faults before each. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createHub, type HubRepo, type HubServer } from '@/scripts/hub/hub-server';
import { hubRepos } from '@/scripts/hub/repos';

/** 5 MB and a bit: more than one part, and no multiple of anything. */
export const LARGE_BYTES = 5 * 2 ** 20 + 12_345;
export const LARGE_REPO = 'lens/large';

export const PUBLISHED_WEIGHTS = resolve('../shared/weights');

export interface LocalHub {
  readonly hub: HubServer;
  /** Its address, once the tests run. */
  url: string;
  readonly large: Uint8Array;
}

export function startLocalHub(): LocalHub {
  const large = new Uint8Array(randomBytes(LARGE_BYTES));
  const extra: HubRepo = { id: LARGE_REPO, licence: 'mit', files: new Map([['model.safetensors', large]]) };
  const local: LocalHub = {
    hub: createHub([...hubRepos(resolve('tests/golden'), PUBLISHED_WEIGHTS), extra]),
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
