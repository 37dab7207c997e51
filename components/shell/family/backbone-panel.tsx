'use client';

import { Button, NativeSelect, Switch } from '@mantine/core';
import { RecipeControls } from '@/components/shell/family/recipe-controls';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import { Block } from '@/components/ui/block';
import { StatusTracker } from '@/components/ui/status-tracker';
import type { BackboneInput } from '@/lib/checkpoints/hub-config';
import { selectStudent } from '@/state/derived';
import type { BackboneState, EngineState } from '@/state/app-state';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import type { Subject } from '@/state/subject';
import { useAppState, useActions } from '@/state/use-app-state';
import { formatCount, formatFixed } from '@/lib/viz/format';
import type { OpenedBackbone } from '@/engine/backbone';
import shared from '../model-panel.module.css';
import classes from './backbone.module.css';

/** The address of the Models page. */
const MODELS_PAGE = `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/models/`;

const WITHOUT_TRAINING =
  'Off for this model: it takes training. Load a trained, binarized checkpoint of this shape as the student below and it comes alive.';

/** A visitor's model in the family's place, and how it is binarized. */
export function BackbonePanel() {
  const backbone = useAppState((state) => state.backbone);
  const wanted = useAppState((state) => state.selection.backbone);
  const subject = useAppState((state) => state.subject);
  const engine = useAppState((state) => state.engine);
  const { select } = useActions();
  const { opened } = backbone;
  const isHere = opened !== null && backbone.phase === 'open';
  return (
    <Block title="Model" detail={opened === null ? wanted : opened.label} id="model">
      {!isHere && <StatusTracker phase="running" text={openingText(wanted, engine)} progress={progressOf(engine)} />}
      {opened !== null && (
        <p className={shared.measured}>
          {factsOf(opened, subject)} {backbone.input !== null && inputSentence(backbone.input)} Nothing of it leaves
          this device.
        </p>
      )}
      {opened !== null && <Cures opened={opened} backbone={backbone} />}
      <div className={classes.ways}>
        <Button size="compact-sm" variant="default" component="a" href={MODELS_PAGE}>
          All models
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            select({
              backbone: '',
              student: '',
              recipe: DEFAULT_SELECTION.recipe,
              layer: DEFAULT_SELECTION.layer,
              head: DEFAULT_SELECTION.head,
              query: DEFAULT_SELECTION.query,
              scaling: true,
              ranking: true,
            })
          }
        >
          Back to the five of the app
        </Button>
      </div>
    </Block>
  );
}

interface CuresProps {
  readonly opened: OpenedBackbone;
  readonly backbone: BackboneState;
}

/** The switches, as far as this model has what they choose among, and the recipe behind them. */
function Cures({ opened, backbone }: CuresProps) {
  const scaling = useAppState((state) => state.selection.scaling);
  const ranking = useAppState((state) => state.selection.ranking);
  const student = useAppState((state) => state.selection.student);
  const studentId = useAppState(selectStudent);
  const { select } = useActions();
  const { modelIds } = opened;
  const isAlone = !modelIds.includes('teacher');
  const hasTrained = modelIds.includes('bi-vit');
  if (isAlone) {
    return (
      <p className={shared.measured}>
        This checkpoint was trained binarized and came without its teacher, so what compares the two has nothing to
        show. Open the full-precision model first and choose this one as its student.
      </p>
    );
  }
  return (
    <>
      <div className={shared.switches}>
        <Switch
          checked={scaling}
          onChange={(event) => select({ scaling: event.currentTarget.checked, ranking: false })}
          labelPosition="left"
          label="Scaling factor α"
          description="On: α of each head comes from the data. Off: α is 1. Nothing is trained."
        />
        <Switch
          checked={ranking}
          disabled={!hasTrained}
          onChange={(event) => select({ ranking: event.currentTarget.checked, scaling: true })}
          labelPosition="left"
          label="Ranking-aware distillation"
          description={hasTrained ? 'On: the trained student, as it came.' : WITHOUT_TRAINING}
        />
      </div>
      <p className={shared.measured}>
        The panels show <strong>{MODEL_NAMES[studentId]}</strong> against the teacher.
      </p>
      <RecipeControls />
      {(backbone.shelved.length > 0 || student !== '') && (
        <NativeSelect
          size="xs"
          label="Trained student"
          value={student}
          data={[{ value: '', label: 'none' }, ...backbone.shelved.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(event) => select({ student: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function factsOf({ config, report }: OpenedBackbone, { imageSize, layers, classes: count }: Subject): string {
  const kind = config.architecture === 'deit' ? 'ViT/DeiT' : 'Swin';
  const precision = report.isBinary ? 'trained binarized' : 'full precision';
  return `${kind}, ${precision}: ${formatCount(report.parameters)} parameters, ${imageSize} × ${imageSize} pixels, ${layers.length} layers, ${formatCount(count)} classes.`;
}

/** As `photoInput` makes it. */
function inputSentence({ imageSize, resize, interpolation, mean, std, source }: BackboneInput): string {
  const triple = (values: readonly number[]) => values.map((value) => formatFixed(value, 3)).join(', ');
  const origin = source === 'config.json' ? 'as its config.json has them' : 'assumed, as ImageNet’s usually are';
  return `Pictures: shorter side to ${resize} pixels, ${interpolation}, the middle ${imageSize}; mean ${triple(mean)}, deviation ${triple(std)}, ${origin}.`;
}

function openingText(id: string, { progress, phase }: EngineState): string {
  if (phase === 'loading') return 'starting';
  return progress === null ? `opening ${id}` : progress.what;
}

function progressOf({ progress }: EngineState): number | null {
  if (progress === null || progress.kind !== 'running' || progress.total === 0) return null;
  return progress.done / progress.total;
}
