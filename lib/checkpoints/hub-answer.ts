/**
 * Asking the hub, and what it means when it does not answer as hoped: one sentence for each case, with what to do.
 *
 * Only requests that need no preflight are made: the hosts that the hub redirects files to refuse preflights. So there is no header but
 * `Accept` and a single `Range` from a byte on, and no `If-Range`: an address that names a commit gives the same bytes for ever.
 * Source: the Fetch standard's "no-CORS-safelisted request-header"; refusal of preflights: huggingface/datasets issue 7931.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';

export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

export interface HubSurroundings {
  /** Without a slash at its end; see `hubUrlOf`. */
  readonly hubUrl: string;
  readonly fetch: FetchLike;
  readonly signal?: AbortSignal;
}

/** Thrown for an answer that another try may not give: a lost connection, a busy hub. */
export class PassingError extends CheckpointError {}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Whatever the hub answers. @throws PassingError when nothing answers; the abort's reason when cancelled */
export async function answerOf(
  url: string,
  { hubUrl, fetch, signal }: HubSurroundings,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await fetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PassingError(
      `${hostOf(hubUrl)} does not answer. Check the connection, and whether something blocks that address, and try again.`,
      { cause },
    );
  }
}

/** @throws CheckpointError for an answer that is not ok; what `answerOf` throws */
export async function askHub(
  url: string,
  repo: string,
  environment: HubSurroundings,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const response = await answerOf(url, environment, { headers });
  if (!response.ok) throw refusal(response.status, repo, environment.hubUrl);
  return response;
}

/** What a status other than 200 or 206 says. */
export function refusal(status: number, repo: string, hubUrl: string): CheckpointError {
  const host = hostOf(hubUrl);
  switch (status) {
    // The hub answers 401, not 404, to strangers who ask for what is not there.
    case 401:
    case 404:
      return new CheckpointError(
        `${host} has no public repository “${repo}”, or not this file of it. Check the spelling; private repositories cannot be read here.`,
      );
    case 403:
      return new CheckpointError(
        `“${repo}” is only given to people who accepted its terms on ${host}. Download its model.safetensors there and drop the file here.`,
      );
    case 429:
      return new PassingError(`${host} asks to slow down (too many requests). Wait a few minutes and try again.`);
    default:
      return status >= 500
        ? new PassingError(`${host} is in trouble (it answered ${status}). Try again in a while.`)
        : new CheckpointError(`${host} refused the request for “${repo}” (it answered ${status}). Try another model.`);
  }
}
