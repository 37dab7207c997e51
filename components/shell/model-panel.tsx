'use client';

import { Button, Switch } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { modelName } from '@/components/analysis/model-names';
import { TwoByTwo } from '@/components/charts/two-by-two';
import { CheckpointMenu } from '@/components/shell/checkpoint-menu';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { StatusTracker } from '@/components/ui/status-tracker';
import { formatCount, formatPercent } from '@/lib/viz/format';
import { memberOf, studentFor, type FamilyMember, type ModelFamily, type Switches } from '@/models/families/family';
import type { EngineState } from '@/state/app-state';
import { selectStudent } from '@/state/derived';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { useActions, useAppState } from '@/state/use-app-state';
import classes from './model-panel.module.css';

/** The address of the Models page. */
const MODELS_PAGE = `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/models/`;

/** Only a checkpoint of one's own needs it. */
const CheckpointFacts = lazy(() => import('@/components/shell/checkpoint-facts'));
const RecipePanel = lazy(() => import('@/components/shell/recipe-panel'));

/** Which models are looked at: a family, its two cures as switches, and what each combination of them measured. */
export function ModelPanel(): ReactNode {
  const family = useAppState((state) => state.family);
  const wanted = useAppState((state) => state.selection.family);
  const phase = useAppState((state) => state.opening.phase);
  const engine = useAppState((state) => state.engine);
  const { select } = useActions();
  const isDefault = wanted === DEFAULT_SELECTION.family;
  const isEmbedded = family.members.some(({ weights }) => weights.kind === 'embedded');
  return (
    <Block title="Model" detail={isEmbedded ? 'a binary student, and its cures' : family.name} id="model">
      {phase === 'opening' && (
        <StatusTracker phase="running" text={openingText(wanted, engine)} progress={progressOf(engine)} />
      )}
      <Suspense fallback={null}>{!isEmbedded && <CheckpointFacts />}</Suspense>
      <Cures family={family} />
      <Accuracies family={family} />
      <Suspense fallback={null}>
        {family.members.some(({ weights }) => weights.kind === 'made') && <RecipePanel />}
      </Suspense>
      {isEmbedded && <CheckpointMenu />}
      {!isDefault && (
        <div className={classes.ways}>
          <Button size="compact-sm" variant="default" component="a" href={MODELS_PAGE}>
            All models
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => select(TO_DEFAULT)}>
            Back to the five of the app
          </Button>
        </div>
      )}
    </Block>
  );
}

const { family, student, recipe, layer, head, query, scaling, ranking } = DEFAULT_SELECTION;
const TO_DEFAULT = { family, student, recipe, layer, head, query, scaling, ranking };

/** The switches, as far as the family has what they choose among. */
function Cures({ family: shown }: { readonly family: ModelFamily }): ReactNode {
  const selected = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const { select } = useActions();
  if (memberOf(shown, 'teacher') === null) {
    return (
      <p className={classes.measured}>
        This checkpoint was trained binarized and came without its teacher, so what compares the two has nothing to
        show. Open the full-precision model first and choose this one as its student.
      </p>
    );
  }
  const students = shown.members.filter(({ role }) => role === 'student');
  const choose = (switches: Switches, first: keyof Switches): void => {
    const next = studentFor(shown, switches, first);
    if (next?.switches) select(next.switches);
  };
  const isMade = memberOf(shown, studentId)?.weights.kind === 'made';
  return (
    <>
      <div className={classes.switches}>
        <Switch
          checked={selected.scaling}
          disabled={!offers(students, 'scaling')}
          onChange={(event) => choose({ ...selected, scaling: event.currentTarget.checked }, 'scaling')}
          labelPosition="left"
          label={isMade ? 'Scaling factor α' : 'Learnable scaling factor α'}
          description={
            isMade
              ? 'On: α of each head comes from the data. Off: α is 1. Nothing is trained.'
              : 'Each head learns how far its clip reaches, so that gradients pass again. Off: α stays at 1.'
          }
        />
        <Switch
          checked={selected.ranking}
          disabled={!offers(students, 'ranking')}
          onChange={(event) => choose({ ...selected, ranking: event.currentTarget.checked }, 'ranking')}
          labelPosition="left"
          label="Ranking-aware distillation"
          description={
            offers(students, 'ranking')
              ? 'Training also asks that scores stand in the teacher’s order. Off: it asks for the labels only.'
              : 'Off for this model, because it takes training. Load a trained, binarized checkpoint of this shape as the student below to switch it on.'
          }
        />
      </div>
      {isMade && (
        <p className={classes.measured}>
          The panels show <strong>{modelName(studentId)}</strong> against the teacher.
        </p>
      )}
    </>
  );
}

/** Whether students differ in that switch. */
function offers(students: readonly FamilyMember[], name: keyof Switches): boolean {
  return new Set(students.map(({ switches }) => switches?.[name])).size > 1;
}

/** What the recipe measured for each combination; nothing where nobody measured. */
function Accuracies({ family: shown }: { readonly family: ModelFamily }): ReactNode {
  const selected = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const { select } = useActions();
  const { testSet } = shown;
  if (testSet === null) return null;
  return (
    <>
      <TwoByTwo
        label="The four students and their test accuracy"
        cells={shown.members.flatMap(({ id, switches, measured }) =>
          switches === null ? [] : [{ id, name: modelName(id), switches, accuracy: measured?.testAccuracy ?? null }],
        )}
        selected={selected}
        onSelect={(switches) => select(switches)}
      />
      <p className={classes.measured}>
        Measured in per cent on {formatCount(testSet.images)} {testSet.name} by the PyTorch recipe. This student:{' '}
        <strong>
          <Accuracy member={memberOf(shown, studentId)} images={testSet.images} />
        </strong>
        , its full-precision teacher:{' '}
        <strong>
          <Accuracy member={memberOf(shown, 'teacher')} images={testSet.images} />
        </strong>
        .
      </p>
    </>
  );
}

interface AccuracyProps {
  readonly member: FamilyMember | null;
  readonly images: number;
}

function Accuracy({ member, images }: AccuracyProps): ReactNode {
  if (member === null || member.measured === null) return '–';
  const { testAccuracy } = member.measured;
  const right = Math.round(testAccuracy * images);
  return (
    <Explained
      value={formatPercent(testAccuracy, 2)}
      title="Test accuracy"
      latex={`\\frac{\\#\\{ i : \\hat y_i = y_i \\}}{${images.toLocaleString('en-US').replace(',', '\\,')}}`}
      substituted={`\\frac{${right}}{${images}} = ${testAccuracy}`}
      terms={[{ symbol: '\\#\\{ i : \\hat y_i = y_i \\}', value: String(right) }]}
      source={{ text: 'Counted by this project’s PyTorch recipe; see the manifest beside the checkpoints', url: null }}
      note={modelName(member.id)}
    />
  );
}

function openingText(id: string, { progress, phase }: EngineState): string {
  if (phase === 'loading' && progress === null) return 'starting';
  return progress === null ? `opening ${id}` : progress.what;
}

function progressOf({ progress }: EngineState): number | null {
  if (progress === null || progress.kind !== 'running' || progress.total === 0) return null;
  return progress.done / progress.total;
}
