/**
 * Requests to the hub, and one sentence for each way they fail.
 *
 * No request may need a preflight, because the hosts to which the hub redirects files refuse those. So the only headers are `Accept` and
 * a `Range` from one byte on; `If-Range` is not needed, since an address that names a commit always gives the same bytes.
 * Source: the Fetch standard's "no-CORS-safelisted request-header"; refused preflights: huggingface/datasets issue 7931.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';

export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

export interface HubEnvironment {
  /** Without a slash at its end; see `hubUrlOf`. */
  readonly hubUrl: string;
  readonly fetch: FetchLike;
  readonly signal?: AbortSignal;
}

/** A failure that may not happen again: a lost connection, a busy hub. */
export class TransientError extends CheckpointError {}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Any answer, also a failing one. @throws TransientError when nothing answers; the abort's reason when cancelled */
export async function request(
  url: string,
  { hubUrl, fetch, signal }: HubEnvironment,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await fetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TransientError(
      `${hostOf(hubUrl)} does not answer. Check the connection, and whether something blocks that address, and try again.`,
      { cause },
    );
  }
}

/** @throws CheckpointError for an answer that is not ok; what `request` throws */
export async function requestOk(
  url: string,
  repo: string,
  environment: HubEnvironment,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const response = await request(url, environment, { headers });
  if (!response.ok) throw refusal(response.status, repo, environment.hubUrl);
  return response;
}

export function refusal(status: number, repo: string, hubUrl: string): CheckpointError {
  const host = hostOf(hubUrl);
  switch (status) {
    case 401: // The hub's answer to anonymous requests for what does not exist.
    case 404:
      return new CheckpointError(
        `${host} has no public repository “${repo}”, or it lacks this file. Check the spelling; private repositories cannot be read here.`,
      );
    case 403:
      return new CheckpointError(
        `${host} gives “${repo}” only to people who have accepted its terms. Download its model.safetensors there and drop the file here.`,
      );
    case 429:
      return new TransientError(`${host} has received too many requests. Wait a few minutes and try again.`);
    default:
      return status >= 500
        ? new TransientError(`${host} has a problem (status ${status}). Try again later.`)
        : new CheckpointError(`${host} refused the request for “${repo}” (status ${status}). Try another model.`);
  }
}
