import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClassLabels } from '@/lib/images/class-labels';
import { loadPhotographs } from '@/lib/images/photographs';
import { imagenetLabels, writeClassLabels } from '@/scripts/class-labels';
import { copyPhotographs, PHOTOGRAPHS } from '@/scripts/photographs';

const root = process.cwd();
let folder = '';
const fetchFromFolder = async (url: string): Promise<Response> => {
  try {
    return new Response(await readFile(join(folder, 'public', url.replace('/sub/', ''))));
  } catch {
    return new Response(null, { status: 404 });
  }
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photographs-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(root, 'package.json'), join(folder, 'package.json'));
  await copyPhotographs(folder);
  await writeClassLabels(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the shipped photographs', () => {
  it('are the files that their list names, small, with a licence each', async () => {
    const photographs = await loadPhotographs(fetchFromFolder, '/sub');
    expect(photographs.map(({ id }) => id)).toEqual(PHOTOGRAPHS.map(({ id }) => id));
    for (const { url, width, height, licence, source } of photographs) {
      const file = await readFile(join(folder, 'public', url.replace('/sub/', '')));
      expect(await sharp(file).metadata()).toMatchObject({ width, height, format: 'jpeg' });
      expect(Math.min(width, height)).toBe(384);
      expect(file.length).toBeLessThan(150_000);
      expect(licence).toContain('CC0');
      expect(readFileSync(join(root, 'node_modules', source.replace('npm: ', ''), 'README.md'), 'utf8')).toMatch(
        /contents are licensed under (a )?\[Creative Commons Zero v1\.0 Universal\]/,
      );
    }
  });

  it('are refused when what the host served is not their list', async () => {
    const served = async () => new Response('[{"id":"../x","title":"t","file":"a.jpg"}]');
    await expect(loadPhotographs(served, '')).rejects.toThrow();
    await expect(loadPhotographs(async () => new Response(null, { status: 404 }), '')).rejects.toThrow(/404/);
  });
});

describe('the names of ImageNet’s classes', () => {
  it('stand in the order of the synsets', async () => {
    const labels = await loadClassLabels(fetchFromFolder, '/sub', 1000);
    expect([0, 281, 340, 348, 999].map((index) => labels?.[index])).toEqual([
      'tench',
      'tabby',
      'zebra',
      'ram',
      'toilet tissue',
    ]);
  });

  it('are nobody’s for another number of classes, nor when they cannot be had', async () => {
    expect(await loadClassLabels(fetchFromFolder, '/sub', 10)).toBeNull();
    expect(await loadClassLabels(async () => new Response('[]'), '', 1000)).toBeNull();
    expect(await loadClassLabels(() => Promise.reject(new Error('offline')), '', 1000)).toBeNull();
  });

  const reference = join(root, '../shared/photos/imagenet-labels.json');
  it.skipIf(!existsSync(reference))('share a word with the reference list nearly everywhere', () => {
    const others = JSON.parse(readFileSync(reference, 'utf8')) as readonly string[];
    const words = (name: string): readonly string[] => name.toLowerCase().split(/[^a-z]+/);
    const alike = imagenetLabels(root).filter((name, i) => {
      const wanted = words(String(others[i]));
      return words(name).some(
        (word) => word.length > 2 && wanted.some((other) => other.includes(word) || word.includes(other)),
      );
    });
    expect(alike.length).toBeGreaterThan(900);
  });
});
