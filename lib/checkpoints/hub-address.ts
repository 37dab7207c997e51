/**
 * Which hub, and which repository on it: what a person types or pastes, checked before anything is asked.
 *
 * Throws: CheckpointError, a sentence with what to type instead.
 * Source: the hub's rules for names (huggingface_hub, `validate_repo_id`): letters, digits, `-`, `_` and `.`, at most 96 of them;
 * no `--`, no `..`, neither `-` nor `.` at an end, no `.git`.
 */
import { CheckpointError, shortName } from '@/lib/checkpoints/checkpoint';

export const DEFAULT_HUB_URL = 'https://huggingface.co';

/** The one file of a repository that is read here: weights, and nothing that could be executed. */
export const WEIGHTS_FILE = 'model.safetensors';

const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const MAX_ID = 96;

function isPart(part: string): boolean {
  return PART.test(part) && !part.includes('--') && !part.includes('..') && !part.endsWith('.git');
}

export function isRepoId(text: string): boolean {
  const parts = text.split('/');
  return parts.length === 2 && text.length <= MAX_ID && parts.every(isPart);
}

/**
 * The repository that a person means: `owner/name`, or the address of its page or of a file in it.
 *
 * @param hubUrl addresses of this hub are understood, and of the public one
 */
export function parseRepoId(text: string, hubUrl: string = DEFAULT_HUB_URL): string {
  const trimmed = text.trim();
  const host = [hubUrl, DEFAULT_HUB_URL].find((url) => trimmed.startsWith(`${url}/`));
  const path = host === undefined ? trimmed : (trimmed.slice(host.length + 1).split(/[?#]/)[0] ?? '');
  const id = host === undefined ? path : path.split('/').slice(0, 2).join('/');
  if (isRepoId(id)) return id;
  throw new CheckpointError(
    `"${shortName(trimmed)}" is not the name of a repository. Write it as owner/name, for example timm/deit_tiny_patch16_224.fb_in1k.`,
  );
}

/**
 * The hub to ask, without a slash at its end.
 *
 * @param setting `NEXT_PUBLIC_HUB_URL`; unset or empty means the public hub
 */
export function hubUrlOf(setting: string | undefined): string {
  const text = (setting ?? '').trim().replace(/\/+$/, '');
  if (text === '') return DEFAULT_HUB_URL;
  const url = URL.canParse(text) ? new URL(text) : null;
  const usable =
    url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) && url.username === '' && url.password === '';
  if (usable) return text;
  throw new CheckpointError(
    `NEXT_PUBLIC_HUB_URL is "${shortName(text)}", which is no address of a hub. Set it to something like ${DEFAULT_HUB_URL} and build again.`,
  );
}
