import type { MemberId } from '@/models/families/family';

interface ModelWords {
  /** Short enough for a chip. */
  readonly name: string;
  readonly note: string;
}

/** The teacher and the 2 x 2 of students, in every family. */
const WORDS: { readonly [id: MemberId]: ModelWords } = {
  teacher: { name: 'Teacher', note: 'full precision' },
  baseline: { name: 'Baseline', note: 'binary, no cure' },
  scaling: { name: '+ scaling', note: 'binary, scaling factor' },
  ranking: { name: '+ ranking', note: 'binary, ranking distillation' },
  'bi-vit': { name: 'Bi-ViT', note: 'binary, both cures' },
};

/** What panels call a member of a family. */
export function modelName(id: MemberId): string {
  return WORDS[id]?.name ?? id;
}

/** What it is, in a few words. */
export function modelNote(id: MemberId): string {
  return WORDS[id]?.note ?? 'binary';
}
