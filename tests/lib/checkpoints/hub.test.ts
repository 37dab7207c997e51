import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { describeRepo } from '@/lib/checkpoints/hub';
import { inputOf } from '@/lib/checkpoints/hub-config';
import { LARGE_BYTES, LARGE_REPO, startLocalHub } from '@/tests/lib/checkpoints/local-hub';

const local = startLocalHub();
const ask = (repo: string, fetch: (url: string, init?: RequestInit) => Promise<Response> = globalThis.fetch) =>
  describeRepo(repo, { hubUrl: local.url, fetch });

describe('a repository of the hub', () => {
  it('gives size, hash, commit and licence of its weights before any download', async () => {
    const before = local.hub.requests.length;
    const file = await ask(LARGE_REPO);
    expect(file).toMatchObject({ repo: LARGE_REPO, bytes: LARGE_BYTES, licence: 'mit', configJson: null });
    expect(file.sha256).toBe(createHash('sha256').update(local.large).digest('hex'));
    expect(file.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(file.url).toBe(`${local.url}/${LARGE_REPO}/resolve/${file.revision}/model.safetensors`);
    expect(local.hub.requests.slice(before).filter((request) => request.includes('.safetensors'))).toEqual([]);
  });

  it('has the configuration that says how its input is prepared', async () => {
    const { configJson } = await ask('lens/deit_micro');
    const input = inputOf(configJson, 32);
    expect(input).toMatchObject({ source: 'config.json', resize: 36, interpolation: 'bicubic' });
    expect(input.mean).toEqual([0.485, 0.456, 0.406]);
  });

  it('is also found by the address of its page', async () => {
    expect((await ask(`${local.url}/lens/deit_micro/tree/main`)).repo).toBe('lens/deit_micro');
  });

  it('makes no request that would need a preflight, which the storage host refuses', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    await ask('lens/deit_micro', (url, init) => {
      asked.push([url, init]);
      return fetch(url, init);
    });
    expect(asked.length).toBeGreaterThan(2);
    for (const [, init] of asked) {
      expect(init?.method ?? 'GET').toBe('GET');
      expect([...new Headers(init?.headers).keys()].filter((name) => name !== 'accept')).toEqual([]);
    }
  });
});

describe('what the hub refuses', () => {
  it('is a sentence for a missing repository', async () => {
    await expect(ask('timm/nothing_of_that_name')).rejects.toThrow(/has no public repository “timm\/nothing_of_that/);
  });

  it('lists the files of a repository without readable weights', async () => {
    await expect(ask('lens/without-weights')).rejects.toThrow(/no model\.safetensors.*it has pytorch_model\.bin/);
  });

  it.each([
    [403, /gives “lens\/deit_micro” only to people who have accepted its terms/],
    [429, /has received too many requests/],
    [503, /has a problem \(status 503\)/],
    [418, /refused the request.*status 418/],
  ])('has a sentence for status %i', async (status, sentence) => {
    local.hub.setFaults({ status });
    const asking = ask('lens/deit_micro');
    await expect(asking).rejects.toThrow(sentence);
    await expect(asking).rejects.toBeInstanceOf(CheckpointError);
  });

  it('is a sentence when nothing answers', async () => {
    const offline = describeRepo('lens/deit_micro', { hubUrl: 'http://127.0.0.1:9', fetch: globalThis.fetch });
    await expect(offline).rejects.toThrow(/127\.0\.0\.1:9 does not answer\. Check the connection/);
  });

  it.each(['not json', '[]', '{"sha":"main"}', '{"sha":17,"cardData":{"license":["mit"]}}'])(
    'is a sentence when the answer is %s',
    async (text) => {
      const fetch = async () => new Response(text, { headers: { 'Content-Type': 'application/json' } });
      await expect(ask('lens/deit_micro', fetch)).rejects.toThrow(/does not answer like a hub/);
    },
  );

  it('is not contacted when the name is impossible', async () => {
    let asked = 0;
    const fetch = async () => {
      asked++;
      return new Response();
    };
    await expect(ask('../../etc/passwd', fetch)).rejects.toThrow(/is not the name of a repository/);
    expect(asked).toBe(0);
  });

  it('rejects with the abort’s reason when cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const asking = describeRepo('lens/deit_micro', {
      hubUrl: local.url,
      fetch: globalThis.fetch,
      signal: controller.signal,
    });
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});
