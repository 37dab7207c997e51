/** The manifest of the embedded family: read, checked, and where its files are. */
import * as z from 'zod/mini';
import { EngineError } from '@/engine/engine-error';
import { MODEL_IDS, type ManifestModel } from '@/engine/protocol';
import { deitOnly, parseConfig } from '@/models/config';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Where the export keeps the family; `basePath` is '' or '/sub'. */
export function familyUrl(basePath: string, file: string): string {
  return `${basePath}/models/${file}`;
}

const share = z.number().check(z.gte(0), z.lte(1));

const modelSchema = z.object({
  id: z.enum(MODEL_IDS),
  label: z.string().check(z.minLength(1), z.maxLength(80)),
  file: z.string().check(z.regex(/^[\w-]+\.safetensors$/)),
  bytes: z.int().check(z.positive()),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  config: z.pipe(
    z.unknown(),
    z.transform((config) => deitOnly(parseConfig(JSON.stringify(config)))),
  ),
  switches: z.nullable(z.object({ scaling: z.boolean(), ranking: z.boolean() })),
  testAccuracy: share,
  meanTauB: z.nullable(z.number().check(z.gte(-1), z.lte(1))),
  constantRowShare: z.nullable(share),
});

const manifestSchema = z.object({ models: z.array(modelSchema) });

/** @throws EngineError (`network`) when the text is not a manifest: what the host served is not this app's file */
export function parseManifest(text: string): readonly ManifestModel[] {
  try {
    return manifestSchema.parse(JSON.parse(text)).models;
  } catch (cause) {
    throw new EngineError(
      'network',
      'The list of models is damaged. Reload the page; if that does not help, the site has to be built again.',
      { cause },
    );
  }
}

/** @throws EngineError (`network`) when it cannot be had */
export async function fetchManifest(fetch: Fetch, basePath: string): Promise<readonly ManifestModel[]> {
  const response = await fetchOrExplain(fetch, familyUrl(basePath, 'manifest.json'), 'the list of models');
  return parseManifest(await response.text());
}

/** The compiled kernels of that name. @throws EngineError (`network`) when they cannot be had */
export async function fetchKernels(fetch: Fetch, basePath: string, file: string): Promise<ArrayBuffer> {
  const response = await fetchOrExplain(fetch, `${basePath}/kernels/${file}`, 'the packed kernels');
  return response.arrayBuffer();
}

/** @param what named in the sentence: "the list of models". @throws EngineError (`network`), also for an answer that is not 200 */
export async function fetchOrExplain(fetch: Fetch, url: string, what: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new EngineError('network', `Could not load ${what}. Check the connection and reload the page.`, { cause });
  }
  if (!response.ok) {
    throw new EngineError(
      'network',
      `Could not load ${what} (the server answered ${response.status}). Reload the page.`,
    );
  }
  return response;
}
