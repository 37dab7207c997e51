/**
 * What a repository of the hub holds, before anything large is fetched: the size and SHA-256 of its weights at its newest commit,
 * the configuration beside them, its licence.
 *
 * Throws: CheckpointError, a sentence with what to do; the abort's reason when cancelled.
 * Source: the hub's API through `@huggingface/hub`: model info, and the listing of files, where the oid of a large file is its SHA-256.
 */
import { CheckpointError, shortName } from '@/lib/checkpoints/checkpoint';
import { parseRepoId, WEIGHTS_FILE } from '@/lib/checkpoints/hub-address';
import { answerOf, askHub, hostOf, refusal, type HubSurroundings } from '@/lib/checkpoints/hub-answer';

export interface HubFile {
  readonly repo: string;
  /** Commit: what its addresses give never changes. */
  readonly revision: string;
  readonly bytes: number;
  /** Lower-case hexadecimal; `null` where the hub does not say. */
  readonly sha256: string | null;
  readonly url: string;
  /** The repository's config.json, with preprocessor_config.json under `preprocessor_config` where there is one. */
  readonly configJson: string | null;
  /** As the repository's card states it. */
  readonly licence: string | null;
}

const COMMIT = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** A configuration is a few kilobytes. */
const MAX_CONFIG_BYTES = 256 * 1024;
/** Names of other files in a sentence. */
const NAMES_SHOWN = 6;

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string | null;
}

/** @param repo owner/name */
export async function describeRepo(repo: string, environment: HubSurroundings): Promise<HubFile> {
  const { hubUrl } = environment;
  const id = parseRepoId(repo, hubUrl);
  const { revision, licence } = await aboutRepo(id, environment);
  const files = await filesOf(id, revision, environment);
  const weights = files.find(({ path }) => path === WEIGHTS_FILE);
  if (weights === undefined) throw withoutWeights(id, files);
  const addressOf = (path: string): string => `${hubUrl}/${id}/resolve/${revision}/${path}`;
  const readConfig = async (path: string): Promise<string | null> => {
    const listed = files.find((file) => file.path === path);
    if (listed === undefined || listed.size > MAX_CONFIG_BYTES) return null;
    return (await askHub(addressOf(path), id, environment)).text();
  };
  const [config, preprocessor] = await Promise.all([readConfig('config.json'), readConfig('preprocessor_config.json')]);
  return {
    repo: id,
    revision,
    bytes: weights.size,
    sha256: weights.sha256,
    url: addressOf(WEIGHTS_FILE),
    configJson: joinConfigs(config, preprocessor),
    licence,
  };
}

async function aboutRepo(
  id: string,
  environment: HubSurroundings,
): Promise<{ readonly revision: string; readonly licence: string | null }> {
  const { modelInfo } = await import('@huggingface/hub');
  const info = await explained(id, environment, () =>
    modelInfo({
      name: id,
      hubUrl: environment.hubUrl,
      additionalFields: ['sha', 'cardData'],
      fetch: cancellable(environment),
    }),
  );
  const licence: unknown = info.cardData?.license;
  if (!COMMIT.test(String(info.sha))) throw unlikeAHub(environment.hubUrl);
  return { revision: String(info.sha), licence: typeof licence === 'string' ? shortName(licence) : null };
}

async function filesOf(id: string, revision: string, environment: HubSurroundings): Promise<readonly ListedFile[]> {
  const { listFiles } = await import('@huggingface/hub');
  const { hubUrl } = environment;
  return explained(id, environment, async () => {
    const files: ListedFile[] = [];
    for await (const entry of listFiles({ repo: id, revision, hubUrl, fetch: cancellable(environment) })) {
      if (entry.type !== 'file') continue;
      if (!Number.isSafeInteger(entry.size) || entry.size < 0) throw unlikeAHub(hubUrl);
      const oid = entry.lfs?.oid ?? '';
      files.push({ path: String(entry.path), size: entry.size, sha256: SHA256.test(oid) ? oid : null });
    }
    return files;
  });
}

/** The library's failures as sentences. */
async function explained<T>(id: string, { hubUrl, signal }: HubSurroundings, ask: () => Promise<T>): Promise<T> {
  const { HubApiError } = await import('@huggingface/hub');
  try {
    return await ask();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CheckpointError) throw cause;
    if (cause instanceof HubApiError) throw refusal(cause.statusCode, id, hubUrl);
    throw unlikeAHub(hubUrl, cause);
  }
}

/** The library's `fetch`: with the signal, and with a sentence when nothing answers. Its failing answers are the library's to read. */
function cancellable(environment: HubSurroundings): typeof globalThis.fetch {
  return (address, init) => answerOf(String(address), environment, init);
}

function unlikeAHub(hubUrl: string, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `${hostOf(hubUrl)} answers unlike a hub: its answer cannot be read. Check the address of the hub, or try again later.`,
    { cause },
  );
}

function withoutWeights(id: string, files: readonly ListedFile[]): CheckpointError {
  const names = files.slice(0, NAMES_SHOWN).map(({ path }) => shortName(path));
  const more = files.length > NAMES_SHOWN ? `, and ${files.length - NAMES_SHOWN} more` : '';
  const held = names.length === 0 ? 'no file at all' : `${names.join(', ')}${more}`;
  return new CheckpointError(`“${id}” has no ${WEIGHTS_FILE}, the one file that is read here; it has ${held}.`);
}

function joinConfigs(config: string | null, preprocessor: string | null): string | null {
  if (preprocessor === null) return config;
  try {
    const joined: unknown = { ...JSON.parse(config ?? '{}'), preprocessor_config: JSON.parse(preprocessor) };
    return JSON.stringify(joined);
  } catch {
    return config;
  }
}
