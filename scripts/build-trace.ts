/**
 * Prepares the first picture: runs the app's own engine in Node on the sample that the app opens with, and writes what it gives
 * to `public/first/picture.bin`.
 *
 *     npx tsx scripts/build-trace.ts [--backend wasm|cpu]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DISTORTION } from '@/analyses/attention/protocol';
import { encodeFirstPicture, FIRST_PICTURE_FILE, type FirstPicture, type PreparedAnswer } from '@/engine/first-picture';
import type { Engine } from '@/engine/protocol';
import { memberIds, studentIds } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { createNodeEngine, fileFetch, startWithFamily } from '@/scripts/node-engine';
import { studentOf } from '@/state/derived';
import { sampleSource } from '@/state/sample-sources';
import { DEFAULT_SELECTION } from '@/state/selection-types';

/** @param engine with the default family open */
export async function makeFirstPicture(engine: Engine): Promise<FirstPicture> {
  const family = DEFAULT_FAMILY;
  const source = sampleSource(family, { fetch: fileFetch(), basePath: '' });
  const sample = (await source.list()).find(({ key }) => key === DEFAULT_SELECTION.image);
  if (sample === undefined) throw new Error(`There is no ${DEFAULT_SELECTION.image}.`);
  const { pixels, bytes } = await source.image(sample, family.preprocessing);
  const live = await engine.explore(1, { modelIds: memberIds(family), pixels }, () => {});
  const shown = ['teacher', studentOf(family, DEFAULT_SELECTION)];
  const answers: PreparedAnswer[] = [];
  for (const [i, studentId] of studentIds(family).entries()) {
    const request = { studentId };
    const result = await engine.analyze(2 + i, DISTORTION, request, pixels, () => {});
    answers.push({ id: DISTORTION.id, request, result });
  }
  return {
    familyId: family.id,
    imageKey: sample.key,
    label: sample.classIndex,
    bytes: [...bytes],
    exploration: {
      logits: live.logits,
      traces: Object.fromEntries(Object.entries(live.traces).filter(([id]) => shown.includes(id))),
      // Times measured here say nothing about the visitor's machine.
      forwardMs: Object.fromEntries(Object.keys(live.forwardMs).map((id) => [id, null])),
      paths: {},
    },
    answers,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' } } });
  if (values.backend !== 'wasm' && values.backend !== 'cpu') throw new Error('--backend is wasm or cpu');
  const engine = createNodeEngine();
  const info = await startWithFamily(engine, values.backend);
  const file = encodeFirstPicture(await makeFirstPicture(engine));
  const path = join(process.cwd(), 'public', FIRST_PICTURE_FILE);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file);
  console.log(`public/${FIRST_PICTURE_FILE}: ${Math.round(file.length / 1000)} kB, computed on ${info.backend}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
