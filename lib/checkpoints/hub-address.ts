/**
 * Which hub, and which repository on it, checked before any request. Throws CheckpointError with what to type instead.
 * Source: the hub's rules for names (huggingface_hub, `validate_repo_id`): letters, digits, `-`, `_` and `.`, at most 96 in all;
 * no `--`, no `..`, neither `-` nor `.` at either end, no `.git`.
 */
import { CheckpointError, shortName } from '@/lib/checkpoints/checkpoint';

export const DEFAULT_HUB_URL = 'https://huggingface.co';

/** The only file of a repository that is read, besides its configuration: weights, and nothing executable. */
export const WEIGHTS_FILE = 'model.safetensors';

const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const MAX_ID = 96;

export function isRepoId(text: string): boolean {
  const parts = text.split('/');
  const isPart = (part: string): boolean => PART.test(part) && !/--|\.\.|\.git$/.test(part);
  return parts.length === 2 && text.length <= MAX_ID && parts.every(isPart);
}

/**
 * The repository meant by `owner/name`, or by the address of its page or of a file in it.
 *
 * @param hubUrl addresses of this hub and of the public one are understood
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
 * The hub's address, without a slash at its end.
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
    `NEXT_PUBLIC_HUB_URL is "${shortName(text)}", which is not the address of a hub. Set it to something like ${DEFAULT_HUB_URL} and build again.`,
  );
}
