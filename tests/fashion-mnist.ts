/** The family that the app opens with, as tests name its parts. */
import { memberIds, studentIds } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';

export const MODEL_IDS = memberIds(DEFAULT_FAMILY);
export const STUDENT_IDS = studentIds(DEFAULT_FAMILY);
export const SAMPLE_COUNT = 1000;
export const FAMILY = {
  imageSize: 28,
  patchSize: 4,
  gridSide: 7,
  tokens: 50,
  layers: 4,
  heads: 4,
  classes: 10,
} as const;
