/** The family of a checkpoint from the hub or a file: the one that it holds, and the students made of it or dropped beside it. */
import type { Preprocessing } from '@/lib/images/preprocessing';
import type { ModelConfig } from '@/models/architectures/configs';
import {
  defineFamily,
  TEACHER_AND_STUDENTS,
  type FamilyMember,
  type MemberId,
  type ModelFamily,
  type WeightSource,
} from '@/models/families/family';
import type { BinarizationRecipe } from '@/models/recipe';

/** The place of a checkpoint in its own family: the teacher, or the student with both cures. */
export function mainMember(isBinary: boolean): MemberId {
  return isBinary ? 'bi-vit' : 'teacher';
}

/** The member that a trained student dropped beside a teacher becomes. */
export const TRAINED_MEMBER: MemberId = 'bi-vit';

/** Students made without training, by the position of the scaling switch: alpha stays at 1, or follows the recipe's rule. */
export const MADE_MEMBERS: readonly {
  readonly id: MemberId;
  readonly recipe: (asked: BinarizationRecipe) => BinarizationRecipe;
}[] = [
  { id: 'baseline', recipe: (asked) => ({ ...asked, alpha: 'one' }) },
  { id: 'scaling', recipe: (asked) => asked },
];

export interface CheckpointFamilyParts {
  /** Of the checkpoint in the browser's cache. */
  readonly id: string;
  readonly name: string;
  readonly config: ModelConfig;
  readonly preprocessing: Preprocessing;
  /** Empty where nobody knows what the classes are called. */
  readonly classNames: readonly string[];
  /** Which members there are. */
  readonly memberIds: readonly MemberId[];
  /** Of the trained student beside it; `null` for none. */
  readonly trainedId: string | null;
}

export function checkpointFamily(parts: CheckpointFamilyParts): ModelFamily {
  const { id, name, config, preprocessing, classNames, memberIds, trainedId } = parts;
  const isBinary = config.quantization !== 'none';
  const weightsOf = (member: FamilyMember): WeightSource => {
    if (member.id === mainMember(isBinary)) return { kind: 'checkpoint', checkpointId: id };
    if (member.id === TRAINED_MEMBER && trainedId !== null) return { kind: 'checkpoint', checkpointId: trainedId };
    return { kind: 'made' };
  };
  return defineFamily({
    id,
    name,
    config,
    preprocessing,
    classNames,
    classesAre: `${config.numClasses.toLocaleString('en-US')} classes`,
    samples: { kind: 'photographs' },
    members: TEACHER_AND_STUDENTS.filter((member) => memberIds.includes(member.id)).map((member) => ({
      ...member,
      weights: weightsOf(member),
    })),
    testSet: null,
  });
}
