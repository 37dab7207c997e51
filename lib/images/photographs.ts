/** The shipped photographs, for models of natural images: what they show and whose they are. */
import * as z from 'zod/mini';

export interface Photograph {
  /** Lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** Where its file is, base path included. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly licence: string;
  readonly credit: string;
  readonly source: string;
}

/** In the export, below the base path; `scripts/photographs.ts` fills it. */
export const PHOTOGRAPHS_FOLDER = 'photographs';

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const size = z.int().check(z.positive());
const text = z.string().check(z.minLength(1), z.maxLength(300));

const indexSchema = z.array(
  z.object({
    id: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
    title: text,
    file: z.string().check(z.regex(/^[a-z0-9-]{1,64}\.jpg$/)),
    width: size,
    height: size,
    licence: text,
    credit: text,
    source: text,
  }),
);

/** @throws Error when the list cannot be had, or is not this app's */
export async function loadPhotographs(fetch: Fetch, basePath: string): Promise<readonly Photograph[]> {
  const folder = `${basePath}/${PHOTOGRAPHS_FOLDER}`;
  const response = await fetch(`${folder}/index.json`);
  if (!response.ok) throw new Error(`The list of photographs was not found (${response.status}). Reload the page.`);
  return indexSchema.parse(await response.json()).map(({ file, ...rest }) => ({ ...rest, url: `${folder}/${file}` }));
}
