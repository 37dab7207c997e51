/**
 * What a repository on the hub holds, before anything large is downloaded: size and SHA-256 of its weights at the newest commit, its
 * configuration and its licence. Throws CheckpointError, or the abort's reason when cancelled.
 * Source: the hub's API through `@huggingface/hub`: model info, and the list of files, where the oid of a large file is its SHA-256.
 */
import { CheckpointError, shortName } from '@/lib/checkpoints/checkpoint';
import { parseRepoId, WEIGHTS_FILE } from '@/lib/checkpoints/hub-address';
import { hostOf, refusal, request, requestOk, type HubEnvironment } from '@/lib/checkpoints/hub-request';

export interface HubFile {
  readonly repo: string;
  /** Commit; its addresses always give the same bytes. */
  readonly revision: string;
  readonly bytes: number;
  /** Lower-case hexadecimal; `null` where the hub does not give it. */
  readonly sha256: string | null;
  readonly url: string;
  /** The repository's config.json, with preprocessor_config.json under `preprocessor_config` where there is one. */
  readonly configJson: string | null;
  /** As the repository's card gives it. */
  readonly licence: string | null;
}

const COMMIT = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** A configuration has a few kilobytes. */
const MAX_CONFIG_BYTES = 256 * 1024;
/** How many file names an error lists. */
const NAMES_SHOWN = 6;

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string | null;
}

/** @param repo owner/name */
export async function describeRepo(repo: string, environment: HubEnvironment): Promise<HubFile> {
  const { hubUrl } = environment;
  const id = parseRepoId(repo, hubUrl);
  const { revision, licence, files } = await readRepo(id, environment);
  const weights = files.find(({ path }) => path === WEIGHTS_FILE);
  if (weights === undefined) throw withoutWeights(id, files);
  const addressOf = (path: string): string => `${hubUrl}/${id}/resolve/${revision}/${path}`;
  const readConfig = async (path: string): Promise<string | null> => {
    const listed = files.find((file) => file.path === path);
    if (listed === undefined || listed.size > MAX_CONFIG_BYTES) return null;
    return (await requestOk(addressOf(path), id, environment)).text();
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

async function readRepo(name: string, environment: HubEnvironment) {
  const { HubApiError, listFiles, modelInfo } = await import('@huggingface/hub');
  const { hubUrl, signal } = environment;
  // The library reads failing answers itself, so this gives it the signal and our sentence when nothing answers, and no more.
  const fetch: typeof globalThis.fetch = (address, init) => request(String(address), environment, init);
  try {
    const info = await modelInfo({ name, hubUrl, fetch, additionalFields: ['sha', 'cardData'] });
    const revision = String(info.sha);
    const licence: unknown = info.cardData?.license;
    if (!COMMIT.test(revision)) throw unreadable(hubUrl);
    const files: ListedFile[] = [];
    for await (const { type, path, size, lfs } of listFiles({ repo: name, revision, hubUrl, fetch })) {
      if (type !== 'file') continue;
      if (!Number.isSafeInteger(size) || size < 0) throw unreadable(hubUrl);
      const oid = lfs?.oid ?? '';
      files.push({ path: String(path), size, sha256: SHA256.test(oid) ? oid : null });
    }
    return { revision, licence: typeof licence === 'string' ? shortName(licence) : null, files };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CheckpointError) throw cause;
    throw cause instanceof HubApiError ? refusal(cause.statusCode, name, hubUrl) : unreadable(hubUrl, cause);
  }
}

function unreadable(hubUrl: string, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `${hostOf(hubUrl)} does not answer like a hub: its answer cannot be read. Check the address of the hub, or try again later.`,
    { cause },
  );
}

function withoutWeights(id: string, files: readonly ListedFile[]): CheckpointError {
  const names = files.slice(0, NAMES_SHOWN).map(({ path }) => shortName(path));
  const more = files.length > NAMES_SHOWN ? `, and ${files.length - NAMES_SHOWN} more` : '';
  const held = names.length === 0 ? 'no files at all' : `${names.join(', ')}${more}`;
  return new CheckpointError(`“${id}” has no ${WEIGHTS_FILE}, the only file that is read here; it has ${held}.`);
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
