/** A model family: one architecture, how its pictures are prepared, its classes and samples, and its members. Plain data. */
import type { Preprocessing } from '@/lib/images/preprocessing';
import { layersOf } from '@/models/architectures/configs';
import type { LayerShape } from '@/models/architectures/layer-shape';
import type { ModelConfig } from '@/models/architectures/configs';

/** Names a member within its family: `teacher`, `baseline`, `bi-vit`, ... */
export type MemberId = string;

/** The two cures, which tell students apart. */
export interface Switches {
  /** Learnable scaling factor. */
  readonly scaling: boolean;
  /** Ranking-aware distillation. */
  readonly ranking: boolean;
}

/** Where a member's weights come from. */
export type WeightSource =
  /** Ships with the app. */
  | { readonly kind: 'embedded' }
  /** Kept in this browser: fetched from the hub, or a person's own file. */
  | { readonly kind: 'checkpoint'; readonly checkpointId: string }
  /** Binarized on the spot from the family's full-precision member. */
  | { readonly kind: 'made' };

/** What the training recipe measured. */
export interface MeasuredMember {
  /** Share of the family's test pictures. */
  readonly testAccuracy: number;
  /** Against the teacher's scores, before the attention binarizer; `null` for the teacher. */
  readonly meanTauB: number | null;
  /** Share of binarized attention rows whose entries are all equal; `null` for the teacher. */
  readonly constantRowShare: number | null;
}

export interface FamilyMember {
  readonly id: MemberId;
  readonly role: 'full-precision' | 'student';
  /** `null` for full precision. */
  readonly switches: Switches | null;
  readonly weights: WeightSource;
  /** `null` where nothing was measured, or the manifest is not here yet. */
  readonly measured: MeasuredMember | null;
}

/** The pictures that come with a family. */
export type SampleSet =
  /** IDX files of images and labels below the family's folder. */
  | { readonly kind: 'idx'; readonly name: string; readonly count: number }
  /** The photographs that ship with the app; their classes are not known. */
  | { readonly kind: 'photographs' };

export interface ModelFamily {
  readonly id: string;
  readonly name: string;
  /** Of every member, but for its quantization. */
  readonly config: ModelConfig;
  /** The blocks that attend, in order; at least one. */
  readonly layers: readonly LayerShape[];
  readonly preprocessing: Preprocessing;
  /** By index; may be fewer than there are classes. */
  readonly classNames: readonly string[];
  /** What the classes are, in a few words: `ten kinds of clothing`. */
  readonly classesAre: string;
  readonly samples: SampleSet;
  readonly members: readonly FamilyMember[];
  /** What the accuracies were measured on: `10,000 test images of Fashion-MNIST`; `null` where nothing was. */
  readonly testSet: { readonly name: string; readonly images: number } | null;
}

/** Everything that follows from the rest is filled in. */
export function defineFamily(family: Omit<ModelFamily, 'layers'>): ModelFamily {
  return { ...family, layers: layersOf(family.config) };
}

export function memberOf({ members }: ModelFamily, id: MemberId): FamilyMember | null {
  return members.find((member) => member.id === id) ?? null;
}

export function memberIds({ members }: ModelFamily): readonly MemberId[] {
  return members.map(({ id }) => id);
}

export function studentIds({ members }: ModelFamily): readonly MemberId[] {
  return members.flatMap(({ id, role }) => (role === 'student' ? [id] : []));
}

/**
 * The student with these switches, or the nearest there is; `null` in a family without students.
 *
 * @param first the switch that must be right, where both cannot be
 */
export function studentFor(
  { members }: ModelFamily,
  wanted: Switches,
  first: keyof Switches = 'scaling',
): FamilyMember | null {
  const second = first === 'scaling' ? 'ranking' : 'scaling';
  const students = members.filter(({ role }) => role === 'student');
  const near = students.filter(({ switches }) => switches?.[first] === wanted[first]);
  return near.find(({ switches }) => switches?.[second] === wanted[second]) ?? near[0] ?? students[0] ?? null;
}

const NO_WEIGHTS = { weights: { kind: 'embedded' }, measured: null } as const;

/** The teacher and the 2 x 2 of students that the two cures make. */
export const TEACHER_AND_STUDENTS: readonly FamilyMember[] = [
  { id: 'teacher', role: 'full-precision', switches: null, ...NO_WEIGHTS },
  { id: 'baseline', role: 'student', switches: { scaling: false, ranking: false }, ...NO_WEIGHTS },
  { id: 'scaling', role: 'student', switches: { scaling: true, ranking: false }, ...NO_WEIGHTS },
  { id: 'ranking', role: 'student', switches: { scaling: false, ranking: true }, ...NO_WEIGHTS },
  { id: 'bi-vit', role: 'student', switches: { scaling: true, ranking: true }, ...NO_WEIGHTS },
];

/** Bytes of the attention maps in one trace without gradients: what caches go by. */
export function traceBytes({ layers }: Pick<ModelFamily, 'layers'>): number {
  return layers.reduce((sum, { heads, layout }) => {
    const tokens = layout.classTokens + layout.gridSide ** 2;
    const keys = layout.window === null ? tokens : layout.window.size ** 2;
    return sum + 3 * 4 * heads * tokens * keys; // scores, attention, binarized attention; float32
  }, 0);
}

const LARGE_TRACE_BYTES = 4 * 2 ** 20;

/** Whether its traces take so much time and memory that they come one by one, and few are kept. */
export function hasLargeTraces(family: Pick<ModelFamily, 'layers'>): boolean {
  return traceBytes(family) > LARGE_TRACE_BYTES;
}
