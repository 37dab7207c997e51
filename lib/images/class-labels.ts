/** What the classes of well-known data are called, by the number of classes. */
import * as z from 'zod/mini';

/** In the export, below the base path; `scripts/class-labels.ts` writes it. */
export const IMAGENET_LABELS_FILE = 'labels/imagenet-1k.json';
/** ImageNet's (ILSVRC 2012) classes, in the order of their synsets, as published models number them. */
export const IMAGENET_CLASSES = 1000;

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const labelsSchema = z.array(z.string().check(z.minLength(1), z.maxLength(200)));

/** Short names by class index; `null` for a number of classes that no well-known data has, or when they cannot be had. */
export async function loadClassLabels(
  fetch: Fetch,
  basePath: string,
  classes: number,
): Promise<readonly string[] | null> {
  if (classes !== IMAGENET_CLASSES) return null;
  try {
    const response = await fetch(`${basePath}/${IMAGENET_LABELS_FILE}`);
    const labels = labelsSchema.parse(await response.json());
    return labels.length === IMAGENET_CLASSES ? labels : null;
  } catch {
    return null; // numbers do for a while; nobody has to lose the model for them
  }
}
